"""Reading grants: the page of one, the list of a call, what is left of its budget, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, allowed, authorise
from portal.access.queries import MEMBER_TIES
from portal.access.queries.members import Member, members_of
from portal.calls.models import Call, CallBudgetLine
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.evaluation.models import Ranking, RankingRow
from portal.grants.models import Agreement, Grant, Incorporation
from portal.ledger.models import Account
from portal.ledger.rules import PAID_OUT, AccountKind


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """Cents of one grant, from its ledger accounts: awarded, of which released, of which paid."""

    awarded: int = 0
    released: int = 0
    paid: int = 0


WITH_ITS_CALL = (
    joinedload(Grant.organisation),
    joinedload(Grant.application),
    joinedload(Grant.call).joinedload(Call.authority),
)


def _whole() -> Select[Any]:
    return select(Grant).options(
        *WITH_ITS_CALL,
        joinedload(Grant.incorporation).joinedload(Incorporation.deed),
        joinedload(Grant.open_proceeding),
        joinedload(Grant.agreements).options(joinedload(Agreement.file), joinedload(Agreement.signed_file)),
    )


def grant_to_read(session: Session, actor: Actor, grant_id: UUID) -> Grant:
    """A grant that the actor may read, with all that its page shows; NotFound otherwise."""
    grant: Grant | None = session.scalars(_whole().where(Grant.id == grant_id)).unique().one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, Action.GRANT_READ, grant)
    return grant


def grant_to_change(session: Session, actor: Actor, action: Action, grant_id: UUID) -> Grant:
    """A grant locked for a change that the actor may make; NotFound otherwise."""
    query = select(Grant).where(Grant.id == grant_id).with_for_update()
    grant = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if grant is None:
        raise NotFound
    authorise(actor, action, grant)
    return grant


def grant_of_application(session: Session, application_id: UUID) -> Grant | None:
    """The grant of an application, if it was awarded."""
    return session.scalars(select(Grant).where(Grant.application_id == application_id)).one_or_none()


def is_of_the_team(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor belongs to this organisation: nobody decides on their own."""
    return not actor.ties_to(organisation_id).isdisjoint(MEMBER_TIES)


def call_by_slug(session: Session, actor: Actor, slug: str) -> Call:
    """The call whose grants are listed; its grants are read by its staff alone."""
    call = session.scalars(select(Call).options(joinedload(Call.authority)).where(Call.slug == slug)).one_or_none()
    if call is None:
        raise NotFound
    authorise(actor, Action.CALL_MANAGE, call)
    return call


def grants_of_call(session: Session, actor: Actor, call: Call) -> list[Grant]:
    """The grants of a call that the actor may read, by reference."""
    query = (
        select(Grant)
        .options(
            joinedload(Grant.organisation),
            joinedload(Grant.application),
            joinedload(Grant.incorporation),
            joinedload(Grant.agreements),
        )
        .where(Grant.call_id == call.id)
        .order_by(Grant.reference)
    )
    return [grant for grant in session.scalars(query).unique() if allowed(actor, Action.GRANT_READ, grant)]


def ranking_row(session: Session, ranking_id: UUID, application_id: UUID) -> tuple[Ranking, RankingRow]:
    """One row with its ranking, locked; NotFound otherwise."""
    query = (
        select(Ranking, RankingRow)
        .join(RankingRow, RankingRow.ranking_id == Ranking.id)
        .where(Ranking.id == ranking_id, RankingRow.application_id == application_id)
        .with_for_update(of=Ranking)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def budget_line(session: Session, call_id: UUID, key: str | None) -> CallBudgetLine:
    """The line that a ranking row names, else the first of the call."""
    query = select(CallBudgetLine).where(CallBudgetLine.call_id == call_id).order_by(CallBudgetLine.id)
    lines = session.scalars(query).all()
    if not lines:
        raise NotFound
    return next((line for line in lines if line.key == key), lines[0])


def money_of(session: Session, grant_ids: Sequence[UUID]) -> dict[UUID, GrantMoney]:
    """The money of grants by id, from the balances of their accounts."""
    return _money(session, Account.owner_id.in_(grant_ids))[0]


def money_of_call(session: Session, call_id: UUID) -> tuple[dict[UUID, GrantMoney], int]:
    """The money of every grant of a call, and the cents left on its budget lines: one statement."""
    owners = or_(
        Account.owner_id.in_(select(Grant.id).where(Grant.call_id == call_id)),
        Account.owner_id.in_(select(CallBudgetLine.id).where(CallBudgetLine.call_id == call_id)),
    )
    return _money(session, owners)


def _money(session: Session, owners: object) -> tuple[dict[UUID, GrantMoney], int]:
    kinds: dict[UUID, dict[AccountKind, int]] = {}
    left = 0
    query = select(Account.owner_id, Account.kind, Account.balance_cents).where(owners)  # type: ignore[arg-type]
    for owner, kind, cents in session.execute(query):
        if kind is AccountKind.BUDGET:
            left += cents
        else:
            kinds.setdefault(owner, {})[kind] = cents
    return {owner: grant_money(balances) for owner, balances in kinds.items()}, left


def grant_money(balances: dict[AccountKind, int]) -> GrantMoney:
    """The money of one grant from the balances of its accounts."""
    paid = sum(balances.get(kind, 0) for kind in PAID_OUT)
    released = paid + balances.get(AccountKind.PAYABLE, 0)
    return GrantMoney(awarded=released + balances.get(AccountKind.AWARD, 0), released=released, paid=paid)


def people_of(session: Session, actor: Actor, grant: Grant) -> list[Member]:
    """The people of the recipient, for whoever may know them: those who represent it first."""
    return members_of(session, grant.organisation_id) if allowed(actor, Action.MEMBERS_READ, grant) else []


def file_of_grant(session: Session, actor: Actor, grant_id: UUID, file_id: UUID) -> StoredFile:
    """A deed or an agreement of a grant that the actor may read; NotFound otherwise (P13)."""
    grant = grant_to_read(session, actor, grant_id)
    linked = {grant.incorporation.deed_file_id if grant.incorporation else None}
    for agreement in grant.agreements:
        linked |= {agreement.file_id, agreement.signed_file_id, agreement.countersigned_file_id}
        linked |= {each.file_id for each in agreement.signatures}
    if file_id not in linked:
        raise NotFound
    return session.get_one(StoredFile, file_id)
