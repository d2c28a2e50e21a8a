"""The office's list: one row an application, pages by key, counted no further than a thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from portal.access.models import Organisation, Person
from portal.access.policy import Action
from portal.access.queries.reach import authorities_where
from portal.applications.inbox.rules import (
    MOST_COUNTED,
    MOST_OF_A_STATUS,
    MOST_SAVED,
    ROWS,
    Number,
    Order,
    Page,
    Wanted,
)
from portal.applications.inbox.scope import (
    SEARCHED,
    SHOWN,
    Scope,
    apart_of,
    conditions,
    not_apart,
    reached,
    readable,
    scope_of,
)
from portal.applications.inbox.sealed import Arrived, arrived
from portal.applications.models import InboxEntry, SavedView
from portal.applications.rules import ApplicationStatus
from portal.applications.search import terms_of
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus
from portal.core.actor import Actor
from portal.core.db.search import found
from portal.core.errors import NotFound

WHOLE = "whole"
MOST_CALLS = 200
taker = aliased(Person)
COLUMNS: tuple[Any, ...] = (
    InboxEntry.number, InboxEntry.application_id, InboxEntry.reference, InboxEntry.protocol, InboxEntry.title,
    InboxEntry.status, InboxEntry.status_at, InboxEntry.received_at, InboxEntry.requested_cents, InboxEntry.kind,
    InboxEntry.area, InboxEntry.municipality, InboxEntry.unread_by_office, InboxEntry.taken_by, InboxEntry.marked_at,
    Organisation.name.label("organisation"), taker.name.label("taker"), Call.title.label("call_title"),
    InboxEntry.reserved_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the list, with what stands around it."""

    scope: Scope
    wanted: Wanted
    rows: Sequence[Row[Any]]
    number: Number
    """Of what the filter finds."""
    counts: dict[ApplicationStatus, Number]
    """By status, whatever else is asked for."""
    has_before: bool
    has_after: bool
    calls: Sequence[Row[Any]]
    saved: Sequence[Row[Any]]
    sealed: Sequence[Arrived] = ()
    """What arrived under seal, in none of the rows."""

    @property
    def call(self) -> Call | None:
        """The call whose list it is."""
        return self.scope.call


def inbox_of(session: Session, actor: Actor, wanted: Wanted, page: Page, now: datetime) -> Inbox:
    """Registered applications of a call or of an authority, in the order of receipt: seven statements at most.

    One more where something is sealed.
    """
    scope = scope_of(session, actor, wanted)
    rows, has_before, has_after = _page(session, scope, wanted, page, now)
    number, counts = _numbers(session, scope, wanted, now)
    return Inbox(
        scope=scope, wanted=wanted, rows=rows, number=number, counts=counts, has_before=has_before,
        has_after=has_after, calls=[] if scope.call else _calls(session, scope), saved=saved_views(session, scope),
        sealed=arrived(session, scope),
    )  # fmt: skip


def asked(session: Session, scope: Scope, wanted: Wanted, now: datetime, *columns: Any) -> tuple[Select[Any], Any]:
    """The rows that a filter finds for this reader, and the column that orders them."""
    query = select(*columns).select_from(InboxEntry).where(*conditions(scope, wanted, now))
    terms = terms_of(wanted.q)
    if not terms:
        return query, InboxEntry.number
    terms.append(frozenset({scope.word}))
    return found(query, terms, searched=SEARCHED, dialect=session.get_bind().dialect.name)


def with_names(query: Select[Any]) -> Select[Any]:
    """Beside each line its applicant, its call and whoever took it in charge."""
    query = query.join(Organisation, Organisation.id == InboxEntry.organisation_id)
    query = query.join(Call, Call.id == InboxEntry.call_id)
    return query.outerjoin(taker, taker.id == InboxEntry.taken_by)


def chosen_entries(session: Session, actor: Actor, keys: Sequence[UUID], action: Action) -> Sequence[InboxEntry]:
    """The lines of these applications in the order of receipt; NotFound when one of them is not the actor's to see."""
    query = select(InboxEntry).where(InboxEntry.application_id.in_(keys), reached(), *not_apart(apart_of(actor)))
    query = query.where(InboxEntry.authority_id.in_(authorities_where(actor, action)))
    entries = session.scalars(query.options(joinedload(InboxEntry.application)).order_by(InboxEntry.number)).all()
    if len(entries) != len(set(keys)):
        raise NotFound
    return entries


def _page(
    session: Session, scope: Scope, wanted: Wanted, page: Page, now: datetime
) -> tuple[Sequence[Row[Any]], bool, bool]:
    """The rows of a page, and whether there are others before and after it."""
    query, place = asked(session, scope, wanted, now, *COLUMNS)
    is_back = page.before is not None
    is_rising = (wanted.order is Order.OLDEST) is not is_back
    limit = page.before if is_back else page.after
    if limit is not None:
        query = query.where(place > limit if is_rising else place < limit)
    query = with_names(query).order_by(place if is_rising else place.desc()).limit(ROWS + 1)
    rows = list(session.execute(query))
    more, rows = len(rows) > ROWS, rows[:ROWS]
    if is_back:
        return rows[::-1], more, True
    return rows, page.after is not None, more


def _numbers(
    session: Session, scope: Scope, wanted: Wanted, now: datetime
) -> tuple[Number, dict[ApplicationStatus, Number]]:
    """How many the filter finds, to a thousand, and how many each status has, to a hundred: one statement."""
    here = (select(InboxEntry.number).where(*readable(scope), InboxEntry.status == status) for status in SHOWN)
    parts = [_counted(status.value, query, MOST_OF_A_STATUS) for status, query in zip(SHOWN, here, strict=True)]
    parts.append(_counted(WHOLE, asked(session, scope, wanted, now, InboxEntry.number)[0], MOST_COUNTED))
    told = {name: counted for name, counted in session.execute(union_all(*parts)) if counted}
    counts: dict[ApplicationStatus, Number] = {
        status: Number(told[status.value], MOST_OF_A_STATUS) for status in SHOWN if status.value in told
    }
    return Number(told.get(WHOLE, 0)), counts


def _counted(name: str, query: Select[Any], most: int) -> Select[str, int]:
    some = query.limit(most + 1).subquery()
    return select(literal(name), func.count()).select_from(some)


def _calls(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """The calls of the authority that have lines, the newest first."""
    has_lines = select(InboxEntry.id).where(InboxEntry.call_id == Call.id).exists()
    query = select(Call.slug, Call.title).where(Call.authority_id == scope.authority.id, has_lines)
    return session.execute(query.order_by(Call.published_at.desc(), Call.slug).limit(MOST_CALLS)).all()


def saved_views(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """Filters that the reader keeps for this authority, and those that colleagues lend to the office, by name."""
    mine = SavedView.person_id == scope.actor.person_id
    query = (
        select(SavedView.id, SavedView.name, SavedView.wanted, SavedView.is_shared, Person.name.label("owner"),
               mine.label("is_mine"))
        .join(Person, Person.id == SavedView.person_id)
        .where(SavedView.authority_id == scope.authority.id, or_(mine, SavedView.is_shared))
        .order_by(SavedView.name, SavedView.id)
        .limit(2 * MOST_SAVED)
    )  # fmt: skip
    return session.execute(query).all()


def phase_to_apply(session: Session, slug: str, actor: Actor, now: datetime) -> tuple[Call, Phase | None]:
    """A published call with the phase that takes applications now (None: none does)."""
    call = session.scalars(
        select(Call)
        .where(Call.slug == slug)
        .options(joinedload(Call.authority), selectinload(Call.phases).selectinload(Phase.deadlines))
    ).one_or_none()
    if call is None or not call.is_public or call.status is CallStatus.CANCELLED:
        raise NotFound
    return call, next((phase for phase in call.phases if phase.is_open(now)), None)
