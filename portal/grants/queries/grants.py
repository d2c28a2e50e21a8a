"""Reading grants: the page of one, the list of a call, what is left of its budget, what is due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, Role, Tie, allowed, authorise
from portal.access.queries import MEMBER_TIES
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, CallBudgetLine
from portal.core.actor import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import NotFound
from portal.core.i18n import _, in_language, ngettext
from portal.documents.models import StoredFile
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.rules import RankingStatus
from portal.grants.labels import BUTTONS, EVENTS, NEEDS, WHY
from portal.grants.models import Agreement, Grant, Incorporation
from portal.grants.rules import OPEN, Need, end_of_day
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

ACTION_OF = {
    Need.VERIFICATION: Action.INCORPORATION_CONFIRM,
    Need.INCORPORATION_RECORD: Action.INCORPORATION_RECORD,
    Need.INCORPORATION_CONFIRM: Action.INCORPORATION_CONFIRM,
    Need.CUP: Action.CUP_RECORD,
    Need.AGREEMENT_PREPARE: Action.AGREEMENT_PREPARE,
    Need.AGREEMENT_SIGN: Action.AGREEMENT_SIGN,
    Need.AGREEMENT_COUNTERSIGN: Action.AGREEMENT_COUNTERSIGN,
    Need.PUBLICATION: Action.GRANT_PUBLISH,
}
"""Who may take an open step."""


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """Cents of one grant, from its ledger accounts: awarded, of which released, of which paid."""

    awarded: int = 0
    released: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class BudgetEffect:
    """What awarding everything that waits would leave: the effect before the act."""

    count: int
    total: int
    left: int
    budget: int

    @property
    def left_after(self) -> int:
        """Cents left on the budget lines afterwards."""
        return self.left - self.total


WITH_ITS_CALL = (
    joinedload(Grant.organisation),
    joinedload(Grant.application),
    joinedload(Grant.call).joinedload(Call.authority),
)


def _whole() -> Select[Any]:
    return select(Grant).options(
        *WITH_ITS_CALL,
        joinedload(Grant.incorporation).joinedload(Incorporation.deed),
        selectinload(Grant.agreements).options(joinedload(Agreement.file), joinedload(Agreement.signed_file)),
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


def rows_to_award(session: Session, *, call_id: UUID | None = None, ranking_id: UUID | None = None) -> list[RankingRow]:
    """Funded rows of final rankings whose application has no grant yet, in the order of the ranking."""
    query = (
        select(RankingRow)
        .join(Ranking, Ranking.id == RankingRow.ranking_id)
        .join(Application, Application.id == RankingRow.application_id)
        .outerjoin(Grant, Grant.application_id == RankingRow.application_id)
        .options(joinedload(RankingRow.application).joinedload(Application.organisation))
        .where(Ranking.status == RankingStatus.FINAL, RankingRow.awarded_cents > 0, Grant.id.is_(None))
        .where(Application.status != ApplicationStatus.SELECTED)
        .order_by(RankingRow.line_number, RankingRow.id)
    )
    if call_id is not None:
        query = query.where(Ranking.call_id == call_id)
    if ranking_id is not None:
        query = query.where(Ranking.id == ranking_id)
    return list(session.scalars(query).unique())


def effect_of(rows: Sequence[RankingRow], *, left: int, budget: int) -> BudgetEffect:
    """What awarding these rows would leave."""
    return BudgetEffect(count=len(rows), total=sum(row.awarded_cents for row in rows), left=left, budget=budget)


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
    return {owner: _grant_money(balances) for owner, balances in kinds.items()}, left


def _grant_money(balances: dict[AccountKind, int]) -> GrantMoney:
    paid = balances.get(AccountKind.PAID, 0)
    released = paid + balances.get(AccountKind.PAYABLE, 0)
    return GrantMoney(awarded=released + balances.get(AccountKind.AWARD, 0), released=released, paid=paid)


def story_of(session: Session, grant: Grant) -> list[dict[str, object]]:
    """What happened to a grant, newest first, in words."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == Grant.__tablename__, AuditEvent.subject_id == grant.id)
        .order_by(AuditEvent.sequence.desc())
    )
    return [
        {"at": event.at, "title": str(EVENTS[event.event]), "who": event.actor_name}
        for event in session.scalars(query)
        if event.event in EVENTS
    ]


def file_of_grant(session: Session, actor: Actor, grant_id: UUID, file_id: UUID) -> StoredFile:
    """A deed or an agreement of a grant that the actor may read; NotFound otherwise (P13)."""
    grant = grant_to_read(session, actor, grant_id)
    linked = {grant.incorporation.deed_file_id if grant.incorporation else None}
    for agreement in grant.agreements:
        linked |= {agreement.file_id, agreement.signed_file_id}
    if file_id not in linked:
        raise NotFound
    return session.get_one(StoredFile, file_id)


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """The open steps of grants that this person may take: one statement."""
    offices = actor.authorities_as(Role.OFFICER) | actor.authorities_as(Role.FINANCE_APPROVER)
    owned = actor.objects_tied_as(Tie.OWNER)
    if not offices and not owned:
        return []
    query = (
        select(Grant)
        .options(*WITH_ITS_CALL, joinedload(Grant.incorporation), joinedload(Grant.agreements))
        .where(Grant.status.in_(OPEN), or_(Grant.authority_id.in_(offices), Grant.organisation_id.in_(owned)))
        .order_by(Grant.awarded_at, Grant.id)
    )
    return [step for grant in session.scalars(query).unique() for step in _steps_of(grant, actor)]


def _steps_of(grant: Grant, actor: Actor) -> Iterator[DueStep]:
    for need in grant.needs:
        if not allowed(actor, ACTION_OF[need], grant):
            continue
        incorporation = grant.incorporation if need is Need.INCORPORATION_RECORD else None
        yield DueStep(
            what=str(NEEDS[need]),
            button=str(BUTTONS[need]),
            path=f"/grants/{grant.id}#step-{need.value}",
            by=end_of_day(incorporation.due_on) if incorporation else None,
            why=str(WHY[need]),
            place=f"{grant.reference} · {grant.organisation.name}",
        )


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Final rankings whose grants are not awarded, for officers."""
    offices = actor.authorities_as(Role.OFFICER)
    if offices:
        query = (
            select(*line(name=Call.slug, title=Call.title, number=func.count(RankingRow.id)))
            .select_from(Call)
            .join(Ranking, Ranking.call_id == Call.id)
            .join(RankingRow, and_(RankingRow.ranking_id == Ranking.id, RankingRow.awarded_cents > 0))
            .join(Application, Application.id == RankingRow.application_id)
            .outerjoin(Grant, Grant.application_id == RankingRow.application_id)
            .where(Ranking.status == RankingStatus.FINAL, Grant.id.is_(None), Call.authority_id.in_(offices))
            .where(Application.status != ApplicationStatus.SELECTED)
            .group_by(Call.id)
        )
        yield Ask(query, (Call.id,), _award)


def _award(found: Any) -> DueStep:
    return DueStep(
        what=ngettext(
            "Award %(num)d grant of the final ranking", "Award %(num)d grants of the final ranking", found.number
        ),
        button=_("See the effect"),
        path=f"/manage/calls/{found.name}/grants",
        why=_("The ranking is final: the money leaves the budget with the act of award."),
        place=in_language(found.title),
    )
