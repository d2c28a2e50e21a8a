"""One tranche: its gates, its people, and what is seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import BankDetails
from portal.access.policy import Action, authorise
from portal.access.queries import MEMBER_TIES
from portal.access.queries.consortia import leads_of
from portal.access.ties import hold_organisations
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.models import Grant
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind
from portal.payments.gates import Gate
from portal.payments.irregularities.models import Irregularity
from portal.payments.models import PaymentLine, Tranche
from portal.payments.queries.facts import Reckoned, standing_of
from portal.payments.rules import PASSED, PAYABLE_GRANTS, RELEASED


def _loaded() -> tuple[object, ...]:
    grant = joinedload(Tranche.grant)
    return (
        grant.joinedload(Grant.call),
        grant.joinedload(Grant.organisation),
        grant.joinedload(Grant.application),
        grant.joinedload(Grant.agreements),
        joinedload(Tranche.milestone),
        joinedload(Tranche.requester),
        joinedload(Tranche.verifier),
        joinedload(Tranche.proposer),
        joinedload(Tranche.approver),
    )


def plan_around(session: Session, tranche_id: UUID, actor: Actor) -> tuple[Tranche, Sequence[Tranche]]:
    """One tranche the actor may see, among all of its grant in order; or NotFound. One statement."""
    its_grant = select(Tranche.grant_id).where(Tranche.id == tranche_id).scalar_subquery()
    query = select(Tranche).where(Tranche.grant_id == its_grant).options(*_loaded())  # type: ignore[arg-type]
    plan = session.scalars(query.order_by(Tranche.number)).unique().all()
    tranche = next((each for each in plan if each.id == tranche_id), None)
    if tranche is None:
        raise NotFound
    authorise(actor, Action.TRANCHE_READ, tranche)
    return tranche, plan


def tranches_for_update(session: Session, tranche_ids: Sequence[UUID]) -> list[Tranche]:
    """These tranches, locked until the transaction ends, or NotFound when one of them is missing.

    Grants first, then organisations (whose account is proposed and verified under the same lock; with a consortium
    its lead too), then tranches, each in one order for all: two transactions can never wait for each other.
    """
    ids = set(tranche_ids)
    grants = select(Tranche.grant_id).where(Tranche.id.in_(ids))
    locked = select(Grant).where(Grant.id.in_(grants)).options(joinedload(Grant.organisation, innerjoin=True))
    locked = locked.order_by(Grant.id).with_for_update(of=Grant, key_share=True)
    recipients = [each.organisation for each in session.scalars(locked.execution_options(populate_existing=True))]
    leads = [lead.organisation_id for lead in leads_of(session, recipients).values()]
    hold_organisations(session, [*(each.id for each in recipients), *leads])
    query = select(Tranche).where(Tranche.id.in_(ids)).order_by(Tranche.id).with_for_update()
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(ids):
        raise NotFound
    return found


def tranche_for_update(session: Session, tranche_id: UUID) -> Tranche:
    """One tranche, locked with its grant and organisation until the transaction ends, or NotFound."""
    return tranches_for_update(session, [tranche_id])[0]


def tranches_of(session: Session, grant_id: UUID) -> Sequence[Tranche]:
    """The tranches of a grant, in order."""
    return session.scalars(select(Tranche).where(Tranche.grant_id == grant_id).order_by(Tranche.number)).all()


def tranches_with_irregularities(grant_id: UUID) -> Select[Any]:
    """The tranches of a grant, in order, each beside how many irregularities of the grant are open."""
    count = select(func.count(Irregularity.id)).where(Irregularity.grant_id == grant_id)
    count = count.where(Irregularity.closed_at.is_(None))
    query = select(Tranche, count.scalar_subquery().label("open_count"))
    return query.where(Tranche.grant_id == grant_id).order_by(Tranche.number)


def pays_oneself(tranche: Tranche, actor: Actor) -> bool:
    """Whether the actor belongs to the organisation that would be paid (P10)."""
    return not actor.ties_to(tranche.grant.organisation_id).isdisjoint(MEMBER_TIES)


@dataclass(frozen=True, slots=True)
class TranchePage:
    """Everything the page of a tranche shows."""

    tranche: Tranche
    plan: Sequence[Tranche]
    gates: list[Gate]
    account: BankDetails | None
    awarded_cents: int
    released_cents: int
    paid_cents: int
    withheld_cents: int
    money: Reckoned
    line: PaymentLine | None
    is_own_proposal: bool
    pays_oneself: bool

    @property
    def grant_moves(self) -> bool:
        """Whether the grant is under way: a suspended one is paid nothing, nor one that is over."""
        return self.tranche.grant.status in PAYABLE_GRANTS

    @property
    def all_open(self) -> bool:
        """Whether nothing stands in the way."""
        return all(gate.is_open for gate in self.gates)

    @property
    def waits_for_earlier(self) -> bool:
        """Whether a tranche before this one is still to be released: they are asked for in their order."""
        return any(each.number < self.tranche.number and each.status not in PASSED for each in self.plan)


def tranche_page(session: Session, tranche_id: UUID, actor: Actor, now: datetime) -> TranchePage:
    """The page of a tranche; amounts are balances of the grant's ledger accounts."""
    tranche, plan = plan_around(session, tranche_id, actor)
    standing = standing_of(session, [tranche], now)[tranche.id]
    money = _balances(session, tranche.grant_id)
    return TranchePage(
        tranche=tranche,
        plan=plan,
        gates=standing.gates,
        account=standing.account.account,
        awarded_cents=sum(money.values()),
        released_cents=sum(money.values()) - money.get(AccountKind.AWARD, 0),
        paid_cents=money.get(AccountKind.PAID, 0),
        withheld_cents=money.get(AccountKind.WITHHELD, 0),
        money=standing.money,
        line=_latest_line(session, tranche),
        is_own_proposal=tranche.proposed_by is not None and tranche.proposed_by == actor.person_id,
        pays_oneself=pays_oneself(tranche, actor),
    )


def _balances(session: Session, grant_id: UUID) -> dict[AccountKind, int]:
    kinds = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID, AccountKind.WITHHELD)
    query = select(Account.kind, Account.balance_cents).where(Account.owner_id == grant_id, Account.kind.in_(kinds))
    return dict(session.execute(query).all())


def _latest_line(session: Session, tranche: Tranche) -> PaymentLine | None:
    if tranche.status not in RELEASED:
        return None
    query = select(PaymentLine).where(PaymentLine.tranche_id == tranche.id)
    return session.scalars(query.order_by(PaymentLine.id.desc())).first()
