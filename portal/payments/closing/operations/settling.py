"""The plan of payments follows the final account: one tranche pays the balance, the others are not due any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.calls.rules import GateName
from portal.core.actor import Actor
from portal.core.audit import record
from portal.grants.models import Grant
from portal.payments.closing.earning import OpenTranche, paying
from portal.payments.closing.models import FinalAccount
from portal.payments.models import Tranche
from portal.payments.operations.cancelling import leave_the_plan, locked_tranches
from portal.payments.rules import CANCEL, SEND_BACK, TrancheStatus

KEY = "final_balance"
NAME = {"it": "Saldo del rendiconto finale", "en": "Balance of the final account"}
OF_ADVANCES = frozenset({GateName.GUARANTEE_ACTIVE.value})


def settle_tranches(
    session: Session, *, grant: Grant, account: FinalAccount, open_ones: Sequence[OpenTranche], actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Give the balance to one tranche, cancel the rest, and leave nothing unclaimed."""
    tranches = locked_tranches(session, grant_id=grant.id)
    chosen = paying(open_ones) if account.to_pay_cents else None
    for tranche in tranches:
        if chosen is not None and tranche.id == chosen.id:
            _pays(session, tranche, account.to_pay_cents, actor, now)
        elif any(tranche.id == each.id for each in open_ones):
            tranche.amount_cents, tranche.unclaimed_cents = tranche.planned_cents, 0
            leave_the_plan(session, tranche=tranche, move=CANCEL, actor=actor, now=now)
        elif tranche.unclaimed_cents:
            before = {"unclaimed_cents": tranche.unclaimed_cents}
            tranche.unclaimed_cents = 0
            record(session, at=now, actor=actor, event="tranche.settled", subject=tranche, before=before,
                   after={"unclaimed_cents": 0})  # fmt: skip
    if account.to_pay_cents and chosen is None:
        _one_more(session, grant, tranches, account.to_pay_cents, actor, now)
    session.flush()


def _pays(session: Session, tranche: Tranche, cents: int, actor: Actor, now: datetime) -> None:
    """A tranche that was asked for with another amount is asked for again."""
    before = {"cents": tranche.amount_cents}
    if before["cents"] == cents:
        tranche.unclaimed_cents = 0
        return
    tranche.amount_cents, tranche.unclaimed_cents = cents, 0
    record(session, at=now, actor=actor, event="tranche.settled", subject=tranche, before=before,
           after={"cents": cents})  # fmt: skip
    if tranche.status is not TrancheStatus.PLANNED:
        leave_the_plan(session, tranche=tranche, move=SEND_BACK, actor=actor, now=now)


def _one_more(
    session: Session, grant: Grant, tranches: Sequence[Tranche], cents: int, actor: Actor, now: datetime
) -> None:  # fmt: skip
    """Every tranche was released, and more is due: a last one is drawn, with the gates of the one before."""
    last = max(tranches, key=lambda each: each.number)
    tranche = Tranche(
        authority_id=grant.authority_id, grant_id=grant.id, number=last.number + 1, key=KEY, name=NAME,
        amount_cents=cents, gates=[each for each in last.gates if each not in OF_ADVANCES], status_at=now,
    )  # fmt: skip
    session.add(tranche)
    session.flush()
    record(session, at=now, actor=actor, event="tranche.planned", subject=tranche, after={"cents": cents})
