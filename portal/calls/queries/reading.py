"""Reading calls: published ones for everybody, the others for staff of their authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Authority
from portal.access.policy import ALLOWED, Action, allowed
from portal.access.queries.twins import is_live
from portal.calls.models import Call, CallBudgetLine, CallRevision, Phase
from portal.calls.rules import CallStatus, PhaseStatus
from portal.calls.rules.validity import SLUG
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.ledger.queries import balances_by_owner, moved_by_subject
from portal.ledger.rules import AccountKind, PostingKind

WHOLE = (joinedload(Call.authority), selectinload(Call.phases).selectinload(Phase.deadlines))
"""What every page of a call shows: three statements."""


class Openness(StrEnum):
    """What a visitor may ask the list for."""

    ALL = "all"
    OPEN = "open"
    UPCOMING = "upcoming"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LineBalance:
    """A budget line: what was set apart, what is not awarded yet (the balance of its ledger account), what was given
    back when the call ended.
    """

    line: CallBudgetLine
    remaining_cents: int
    released_cents: int = 0

    @property
    def awarded_cents(self) -> int:
        """What was awarded and not taken back."""
        return self.line.amount_cents - self.remaining_cents - self.released_cents


def open_calls_by_deadline(session: Session, now: datetime) -> Sequence[Call]:
    """Published calls that take applications now, the next to close first."""
    return session.scalars(_published().where(_is_open(now)).order_by(_next_closing(now), Call.slug)).all()


def published_calls(
    session: Session, *, now: datetime, openness: Openness = Openness.ALL, authority: str = ""
) -> Sequence[Call]:
    """Published calls: open ones first by deadline, then those to come, then closed ones, newest first."""
    query = _published()
    if openness is not Openness.ALL:
        query = query.where(_those(openness, now))
    if authority:
        query = query.join(Call.authority).where(Authority.code == authority)
    calls = session.scalars(query.order_by(Call.published_at.desc(), Call.slug)).all()
    return sorted(calls, key=lambda call: _place(call, now))


def authorities_with_calls(session: Session) -> Sequence[Authority]:
    """Authorities that published a call, by name."""
    having = select(Call.authority_id).where(Call.published_at.is_not(None), is_live(Call.authority_id))
    return session.scalars(select(Authority).where(Authority.id.in_(having)).order_by(Authority.name)).all()


def call_by_slug(session: Session, slug: str, actor: Actor) -> Call:
    """A call that the actor may see: a published one, else NotFound to all but staff of its authority."""
    if not SLUG.fullmatch(slug):
        raise NotFound
    call = session.scalars(select(Call).where(Call.slug == slug).options(*WHOLE)).one_or_none()
    if call is None or not (call.is_public or allowed(actor, Action.CALL_MANAGE, call)):
        raise NotFound
    return call


def managed_call(session: Session, slug: str, actor: Actor) -> Call:
    """A call whose pages of the office the actor may see, else NotFound."""
    call = call_by_slug(session, slug, actor)
    if not allowed(actor, Action.CALL_MANAGE, call):
        raise NotFound
    return call


def managed_phase(session: Session, slug: str, phase_id: UUID, actor: Actor) -> Phase:
    """A phase of a call that the actor manages, else NotFound."""
    found = [phase for phase in managed_call(session, slug, actor).phases if phase.id == phase_id]
    if not found:
        raise NotFound
    return found[0]


def managed_calls(session: Session, actor: Actor) -> Sequence[Call]:
    """Every call of the authorities where the actor is staff: drafts first, then the newest."""
    authorities = {home for role, _tie in ALLOWED[Action.CALL_MANAGE] for home in actor.authorities_as(role)}
    query = select(Call).where(Call.authority_id.in_(authorities)).options(*WHOLE)
    return session.scalars(query.order_by(Call.published_at.desc().nulls_first(), Call.slug)).all()


def call_for_update(session: Session, call_id: UUID) -> Call:
    """A call, locked, or NotFound."""
    return _locked(session, select(Call).where(Call.id == call_id))


def call_with_slug_for_update(session: Session, slug: str) -> Call | None:
    """The call with this slug, locked, if there is one."""
    return session.scalars(select(Call).where(Call.slug == slug).with_for_update(of=Call)).one_or_none()


def _locked(session: Session, query: Select[Call]) -> Call:
    call = session.scalars(query.with_for_update(of=Call)).one_or_none()
    if call is None:
        raise NotFound
    return call


def phase_for_update(session: Session, phase_id: UUID) -> Phase:
    """A phase, locked with its call (the call first, as everywhere), or NotFound."""
    call_id = session.scalar(select(Phase.call_id).where(Phase.id == phase_id))
    if call_id is None:
        raise NotFound
    call_for_update(session, call_id)
    query = select(Phase).where(Phase.id == phase_id).with_for_update(of=Phase)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def budget_lines(session: Session, call_id: UUID) -> Sequence[CallBudgetLine]:
    """The budget lines of a call, in the order of its file."""
    query = select(CallBudgetLine).where(CallBudgetLine.call_id == call_id).order_by(CallBudgetLine.id)
    return session.scalars(query).all()


def remaining_budget(session: Session, call: Call) -> list[LineBalance]:
    """Each budget line with what is left of it; all of it before publication."""
    lines = budget_lines(session, call.id)
    keys = [line.id for line in lines]
    left = balances_by_owner(session, AccountKind.BUDGET, keys)
    is_over = call.status in (CallStatus.CANCELLED, CallStatus.CONCLUDED)
    back = moved_by_subject(session, PostingKind.BUDGET_RELEASED, keys) if is_over else {}
    return [LineBalance(line, left.get(line.id, line.amount_cents), back.get(line.id, 0)) for line in lines]


def revisions_newest_first(session: Session, call: Call) -> Sequence[CallRevision]:
    """Every design the call had."""
    query = select(CallRevision).where(CallRevision.call_id == call.id)
    return session.scalars(query.order_by(CallRevision.number.desc())).all()


def revision_numbered(session: Session, call: Call, number: int) -> CallRevision:
    """One design the call had, or NotFound."""
    query = select(CallRevision).where(CallRevision.call_id == call.id, CallRevision.number == number)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def has_revision(session: Session, call: Call, sha256: str) -> bool:
    """Whether the call holds, or once held, the design with this hash."""
    query = select(func.count(CallRevision.id)).where(CallRevision.call_id == call.id, CallRevision.sha256 == sha256)
    return bool(session.scalar(query))


def _published() -> Select[Call]:
    return select(Call).where(Call.published_at.is_not(None), is_live(Call.authority_id)).options(*WHOLE)


def _is_open(now: datetime) -> ColumnElement[bool]:
    running = and_(Phase.status == PhaseStatus.RUNNING, Phase.opens_at <= now, Phase.closes_at >= now)
    return and_(Call.status == CallStatus.PUBLISHED, Call.phases.any(running))


def _those(openness: Openness, now: datetime) -> ColumnElement[bool]:
    to_come = and_(
        Call.status == CallStatus.PUBLISHED,
        Call.phases.any(and_(Phase.status == PhaseStatus.RUNNING, Phase.opens_at > now)),
    )
    if openness is Openness.OPEN:
        return _is_open(now)
    if openness is Openness.UPCOMING:
        return and_(~_is_open(now), to_come)
    return ~or_(_is_open(now), to_come)


def _next_closing(now: datetime) -> ColumnElement[datetime]:
    query = select(func.min(Phase.closes_at)).where(Phase.call_id == Call.id, Phase.closes_at >= now)
    return query.correlate(Call).scalar_subquery()


def _place(call: Call, now: datetime) -> tuple[int, datetime]:
    """Open, to come, closed: the first two by their next term, the last kept as they came."""
    if phase := call.open_phase(now):
        return 0, phase.closes_at
    if phase := call.next_phase(now):
        return 1, phase.opens_at
    return 2, now
