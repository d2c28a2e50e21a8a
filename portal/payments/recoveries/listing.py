"""All recoveries of an authority: which are open or late, what came back; one page after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Tie
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.grants.models import Grant
from portal.ledger.scope import authorities_of
from portal.payments.recoveries.models import Recovery, RecoveryInstalment
from portal.payments.recoveries.rules import RecoveryStatus

MOST_ROWS = 60


class Which(StrEnum):
    """Which of them a page shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page was asked for; without a call, those of every call."""

    which: Which = Which.OPEN
    call: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A recovery in the list; what of it should be there already, and when the next part is due."""

    recovery: Recovery
    due_cents: int
    next_on: date | None

    @property
    def late_cents(self) -> int:
        """What should have come and has not."""
        return max(self.due_cents - self.recovery.returned_cents, 0) if self.recovery.is_open else 0


def _due(today: date) -> Any:
    """All that was due before today."""
    query = select(func.coalesce(func.max(RecoveryInstalment.until_here_cents), 0))
    of_it = (RecoveryInstalment.recovery_id == Recovery.id, RecoveryInstalment.due_on < today)
    return query.where(*of_it).scalar_subquery()


def _shown(today: date) -> dict[Which, ColumnElement[bool]]:
    is_open = Recovery.status == RecoveryStatus.DECIDED
    return {
        Which.OPEN: is_open,
        Which.OVERDUE: and_(is_open, _due(today) > Recovery.returned_cents),
        Which.CLOSED: ~is_open,
        Which.ALL: true(),
    }


def listed(
    session: Session, actor: Actor, wanted: Wanted, today: date, *, before: UUID | None = None,
    most: int | None = MOST_ROWS + 1,
) -> Sequence[Listed]:  # fmt: skip
    """Recoveries of the actor's authorities, the newest first, one page before a key. One statement."""
    next_on = select(func.min(RecoveryInstalment.due_on)).where(
        RecoveryInstalment.recovery_id == Recovery.id, RecoveryInstalment.until_here_cents > Recovery.returned_cents
    )
    grant = joinedload(Recovery.grant, innerjoin=True)
    query = _of(select(Recovery, _due(today), next_on.scalar_subquery()), actor, wanted.call)
    query = query.where(_shown(today)[wanted.which]).order_by(Recovery.id.desc()).limit(most)
    query = query.options(grant.joinedload(Grant.organisation), grant.joinedload(Grant.call))
    rows = session.execute(query.where(Recovery.id < before) if before else query)
    return [Listed(recovery, int(due), day) for recovery, due, day in rows]


@dataclass(frozen=True, slots=True)
class Sums:
    """How many there are, and of their money what was asked, what came, what is late. Cents."""

    count: int
    asked: int = 0
    returned: int = 0
    late: int = 0


def sums_of(session: Session, actor: Actor, call: str, today: date) -> dict[Which, Sums]:
    """What each filter shows in all; one that was taken back asks nothing. One statement."""
    due = _due(today)
    stands = Recovery.status != RecoveryStatus.REVERSED
    asked = case((stands, Recovery.principal_cents + Recovery.interest_cents), else_=0)
    is_late = and_(Recovery.status == RecoveryStatus.DECIDED, due > Recovery.returned_cents)
    late = case((is_late, due - Recovery.returned_cents), else_=0)
    rows = _of(select(Recovery.id, Recovery.status, asked.label("asked"), Recovery.returned_cents, late.label("late")),
               actor, call).subquery()  # fmt: skip
    filters = {Which.OPEN: rows.c.status == RecoveryStatus.DECIDED, Which.OVERDUE: rows.c.late > 0,
               Which.CLOSED: rows.c.status != RecoveryStatus.DECIDED, Which.ALL: true()}  # fmt: skip
    columns = [
        func.sum(case((shown, cents), else_=0))
        for shown in filters.values()
        for cents in (1, rows.c.asked, rows.c.returned_cents, rows.c.late)
    ]
    found = [int(each or 0) for each in session.execute(select(*columns).select_from(rows)).one()]
    return {which: Sums(*found[4 * place : 4 * place + 4]) for place, which in enumerate(filters)}


def calls_with_recoveries(session: Session, actor: Actor) -> Sequence[Call]:
    """The calls that a list can be narrowed to."""
    query = _of(select(Recovery.id), actor, "").where(Grant.call_id == Call.id)
    return session.scalars(select(Call).where(query.correlate(Call).exists()).order_by(Call.slug)).all()


def _of(query: Select[Any], actor: Actor, call: str) -> Select[Any]:
    """Of the actor's authorities, never of a grant in conflict with the actor; of one call where it is named."""
    query = query.join(Grant, Grant.id == Recovery.grant_id).where(Recovery.authority_id.in_(authorities_of(actor)))
    if call:
        query = query.where(Grant.call_id.in_(select(Call.id).where(Call.slug == call)))
    if conflicts := actor.objects_tied_as(Tie.CONFLICTED):
        columns = (Grant.id, Grant.organisation_id, Grant.application_id, Grant.call_id)
        query = query.where(*(column.not_in(conflicts) for column in columns))
    return query
