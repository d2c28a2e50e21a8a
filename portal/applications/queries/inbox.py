"""The office's list of a call: one row an application, pages by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from portal.access.policy import Action, authorise
from portal.applications.models import Application, Submission
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus
from portal.core.actor import Actor
from portal.core.errors import NotFound

ROWS = 25


@dataclass(frozen=True, slots=True)
class InboxWanted:
    """Which page of the list: one status or all, the rows after one id or before it."""

    status: ApplicationStatus | None = None
    after: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the list."""

    call: Call
    rows: Sequence[Application]
    counts: dict[ApplicationStatus, int]
    wanted: InboxWanted
    has_before: bool
    has_after: bool

    @property
    def total(self) -> int:
        """How many applications the filter holds."""
        status = self.wanted.status
        return self.counts.get(status, 0) if status else sum(self.counts.values())


def inbox_of(session: Session, slug: str, actor: Actor, wanted: InboxWanted) -> Inbox:
    """Registered applications of a call, in the order in which they were begun."""
    call = _call(session, slug)
    authorise(actor, Action.APPLICATION_LIST, call)
    counts = _counts(session, call.id)
    query = (
        select(Application)
        .where(Application.call_id == call.id, _is_registered())
        .options(
            joinedload(Application.organisation),
            selectinload(Application.submissions).options(
                defer(Submission.content), joinedload(Submission.protocol_entry)
            ),
        )
    )
    if wanted.status is not None:
        query = query.where(Application.status == wanted.status)
    if wanted.before is not None:
        query = query.where(Application.id < wanted.before).order_by(Application.id.desc())
    else:
        query = query.order_by(Application.id)
        query = query.where(Application.id > wanted.after) if wanted.after is not None else query
    found = list(session.scalars(query.limit(ROWS + 1)))
    more, rows = len(found) > ROWS, found[:ROWS]
    if wanted.before is not None:
        rows.reverse()
    return Inbox(
        call=call,
        rows=rows,
        counts=counts,
        wanted=wanted,
        has_before=more if wanted.before is not None else wanted.after is not None,
        has_after=True if wanted.before is not None else more,
    )


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


def _call(session: Session, slug: str) -> Call:
    found = session.scalars(select(Call).where(Call.slug == slug).options(joinedload(Call.authority))).one_or_none()
    if found is None:
        raise NotFound
    return found


def _is_registered() -> ColumnElement[bool]:
    """Not a draft, nor a draft that was withdrawn: those never reached the office."""
    reached = select(Submission.id).where(Submission.application_id == Application.id).exists()
    return (Application.status != ApplicationStatus.DRAFT) & or_(
        Application.status != ApplicationStatus.WITHDRAWN, reached
    )


def _counts(session: Session, call_id: UUID) -> dict[ApplicationStatus, int]:
    query = (
        select(Application.status, func.count(Application.id))
        .where(Application.call_id == call_id, _is_registered())
        .group_by(Application.status)
    )
    return {row[0]: row[1] for row in session.execute(query)}
