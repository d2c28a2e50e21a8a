"""What a recovery can be decided for, and the payments it can be taken from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.grants.models import EndAct, Grant
from portal.grants.rules import GrantStatus
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.rules import AccountStatus
from portal.payments.irregularities.models import Irregularity
from portal.payments.models import Tranche
from portal.payments.recoveries.interest import PaidPart
from portal.payments.recoveries.models import Recovery, RecoveryPart
from portal.payments.recoveries.rules import STANDING, RecoverySource
from portal.payments.rules import TrancheStatus

NOT_WHOLE = frozenset({RecoverySource.IRREGULARITY})
"""Of these less may be asked back than they touch; an act says exactly how much."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that says how much is to be returned; `act` or `kind` is what pages call it by."""

    source: RecoverySource
    row: EndAct | Irregularity | FinalAccount
    cents: int

    @property
    def key(self) -> str:
        """As forms name it."""
        return str(self.row.id)

    @property
    def may_be_less(self) -> bool:
        """Whether whoever decides says how much of it."""
        return self.source in NOT_WHOLE


def claims_of(session: Session, grant_id: UUID) -> list[Claim]:
    """What no recovery that stands was decided for."""
    standing = Recovery.status.in_(STANDING)
    known = select(Recovery.id).where(Recovery.irregularity_id == Irregularity.id, standing).exists()
    found = select(Irregularity).where(
        Irregularity.grant_id == grant_id, Irregularity.closed_at.is_(None), Irregularity.cents > 0, ~known
    )
    acts = session.scalars(unasked_acts(grant_id).order_by(EndAct.acted_at, EndAct.id)).all()
    left = sum(each.cents for each in payments_left(session, grant_id)) if acts else 0
    return [
        *(Claim(RecoverySource.END_ACT, each, min(each.to_return_cents, left)) for each in acts),
        *(
            Claim(RecoverySource.FINAL_ACCOUNT, each, each.to_return_cents)
            for each in session.scalars(unasked_account(grant_id))
        ),
        *(
            Claim(RecoverySource.IRREGULARITY, each, each.cents)
            for each in session.scalars(found.order_by(Irregularity.found_on, Irregularity.id))
        ),
    ]


def unasked_acts(grant_id: UUID) -> Select[Any]:
    """Acts that ended or lowered the grant, of whose money nothing was asked back, while some of it is still there.

    Of a payment that the bank gave back, or that was asked back for something else, an act asks no more.
    """
    asked = select(Recovery.id).where(Recovery.end_act_id == EndAct.id, Recovery.status.in_(STANDING)).exists()
    taken = (
        select(func.coalesce(func.sum(RecoveryPart.cents), 0))
        .join(Recovery, Recovery.id == RecoveryPart.recovery_id)
        .where(RecoveryPart.tranche_id == Tranche.id, Recovery.status.in_(STANDING))
        .scalar_subquery()
    )
    left = select(Tranche.id).where(
        Tranche.grant_id == grant_id, Tranche.status == TrancheStatus.PAID,
        Tranche.amount_cents - Tranche.withheld_cents > taken,
    )  # fmt: skip
    return select(EndAct).where(EndAct.grant_id == grant_id, EndAct.to_return_cents > 0, ~asked, left.exists())


def unasked_account(grant_id: UUID) -> Select[Any]:
    """The final account by which money is to be returned, while nothing was asked back and no act ended the grant."""
    asked = select(Recovery.id).where(Recovery.final_account_id == FinalAccount.id, Recovery.status.in_(STANDING))
    closing = select(Grant.id).where(Grant.id == FinalAccount.grant_id, Grant.status == GrantStatus.CLOSING)
    return select(FinalAccount).where(
        FinalAccount.grant_id == grant_id, FinalAccount.status == AccountStatus.APPROVED,
        FinalAccount.to_return_cents > 0, closing.exists(), ~asked.exists(),
    )  # fmt: skip


def payments_left(session: Session, grant_id: UUID) -> Sequence[PaidPart]:
    """What of each payment (net: the tax went to the State) no recovery that stands has asked back."""
    asked = (
        select(RecoveryPart.tranche_id, func.sum(RecoveryPart.cents).label("cents"))
        .join(Recovery, Recovery.id == RecoveryPart.recovery_id)
        .where(Recovery.grant_id == grant_id, Recovery.status.in_(STANDING))
        .group_by(RecoveryPart.tranche_id)
        .subquery()
    )
    left = Tranche.amount_cents - Tranche.withheld_cents - func.coalesce(asked.c.cents, 0)
    query = (
        select(Tranche.id, left, Tranche.paid_on)
        .outerjoin(asked, asked.c.tranche_id == Tranche.id)
        .where(Tranche.grant_id == grant_id, Tranche.status == TrancheStatus.PAID)
        .order_by(Tranche.number)
    )
    return [PaidPart(str(key), int(cents), day) for key, cents, day in session.execute(query) if day is not None]
