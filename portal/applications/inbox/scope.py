"""Which applications somebody may find in lists: of which authority, of which call, and never where they stand apart.

Lists, counts, search, exports and the map all go through `conditions`, so that they agree with the pages themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Authority
from portal.access.policy import Action, Guard, Tie, authorise
from portal.access.queries.reach import authorities_where
from portal.applications.inbox.rules import WAITING, Wanted
from portal.applications.models import InboxEntry
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.db.search import Searched
from portal.core.errors import Forbidden, NotFound

SHOWN: list[ApplicationStatus] = [status for status in ApplicationStatus if status is not ApplicationStatus.DRAFT]
SEARCHED = Searched(InboxEntry.words, InboxEntry.number)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody looks: a call, or all calls of an authority. `apart`: what conflicts or is sealed."""

    actor: Actor
    authority: Authority
    call: Call | None
    apart: frozenset[UUID] = field(default_factory=frozenset)
    authorities: Sequence[Authority] = ()
    """All whose lists the reader may ask for."""

    @property
    def guard(self) -> Guard:
        """The office whose list it is."""
        return Guard(authority_id=self.authority.id, is_secret=True)

    @property
    def word(self) -> str:
        """What stands for it among the words of each of its applications."""
        return scope_word(self.call.id if self.call else self.authority.id)


def scope_word(object_id: UUID) -> str:
    """A word that nobody writes, for an authority or a call."""
    return f"x{object_id.hex}"


def scope_of(session: Session, actor: Actor, wanted: Wanted) -> Scope:
    """The call of the filter, or without one everything of the reader's authority; NotFound, Forbidden.

    A rehearsal is listed on the page of its call alone. Who works for several authorities sees one at a time, the first
    by name unless the filter names another.
    """
    call = _call(session, wanted.call) if wanted.call else None
    if call is not None:
        authorise(actor, Action.APPLICATION_LIST, call)
        return Scope(actor, call.authority, call, apart_of(actor))
    at_home = authorities_where(actor, Action.APPLICATION_LIST)
    query = select(Authority).where(Authority.id.in_(at_home), Authority.twin_of_id.is_(None))
    authorities = session.scalars(query.order_by(Authority.name, Authority.id)).all()
    named = [each for each in authorities if wanted.authority in ("", each.code)]
    if not named:
        raise NotFound if authorities else Forbidden
    return Scope(actor, named[0], None, apart_of(actor), authorities)


def conditions(scope: Scope, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What a row must meet to be shown to this reader, and to answer this filter; search is apart (`found`).

    What few rows meet has an index of its own by authority: it is named, so that a call's list finds them there too.
    """
    entry = InboxEntry
    found: list[ColumnElement[bool]] = [reached(), *readable(scope)]
    exact = ((entry.phase_id, wanted.phase), (entry.status, wanted.status), (entry.kind, wanted.kind),
             (entry.area, wanted.area), (entry.line, wanted.line))  # fmt: skip
    found += [column == value for column, value in exact if value]
    if wanted.waiting:
        found += [entry.status == WAITING, entry.status_at <= now - timedelta(days=wanted.waiting)]
    if wanted.mine:
        found.append(entry.taken_by == scope.actor.person_id)
    rare = ((wanted.unread, entry.unread_by_office > 0), (wanted.marked, entry.marked_at.is_not(None)),
            (wanted.reserve, entry.reserved_at.is_not(None)))  # fmt: skip
    few = [condition for is_asked, condition in rare if is_asked]
    return [*found, *few, *([entry.authority_id == scope.authority.id] if few else [])]


def readable(scope: Scope) -> list[ColumnElement[bool]]:
    """Of this call or authority, and no conflict in the way."""
    here = InboxEntry.call_id == scope.call.id if scope.call else InboxEntry.authority_id == scope.authority.id
    return [here, *not_apart(scope.apart)]


def not_apart(apart: frozenset[UUID]) -> list[ColumnElement[bool]]:
    """Neither the application nor its applicant, its phase or its call is one that the reader stands apart from."""
    hidden = (InboxEntry.application_id, InboxEntry.organisation_id, InboxEntry.call_id, InboxEntry.phase_id)
    return [column.not_in(apart) for column in hidden] if apart else []


def reached() -> ColumnElement[bool]:
    """Not while its team has it open again: then it is a draft."""
    return InboxEntry.status != ApplicationStatus.DRAFT


def apart_of(actor: Actor) -> frozenset[UUID]:
    """What somebody has a conflict with, and the phases whose term seals what was sent."""
    return actor.objects_tied_as(Tie.CONFLICTED) | actor.sealed.keys()


def _call(session: Session, slug: str) -> Call:
    query = select(Call).where(Call.slug == slug).options(joinedload(Call.authority), joinedload(Call.phases))
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
