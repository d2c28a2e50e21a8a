"""Reading rehearsals: for officers and auditors of the authority that rehearses."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, authorise
from portal.calls.models import Call
from portal.calls.queries import call_by_slug
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.rules import STEPS, Level


@dataclass(frozen=True, slots=True)
class Report:
    """A rehearsal with what it said, by level."""

    rehearsal: Rehearsal

    @property
    def advice(self) -> list[dict[str, object]]:
        """What the officer should think about: warnings, and what could not be played; most grave first."""
        lines = [line for step in self.rehearsal.steps for line in step.lines]
        return [line for level in (Level.IMPOSSIBLE, Level.WARNING) for line in lines if line["level"] == level]

    @property
    def seconds(self) -> float:
        """How long all its steps took."""
        return sum(step.milliseconds for step in self.rehearsal.steps) / 1000

    @property
    def left(self) -> tuple[str, ...]:
        """The steps that did not come."""
        return tuple(step.value for step in STEPS[self.rehearsal.done :])


def rehearsals_of(session: Session, slug: str, actor: Actor) -> tuple[Call, Sequence[Rehearsal]]:
    """A call with its rehearsals, the last one first; Forbidden or NotFound for whoever may not read them."""
    call = call_by_slug(session, slug, actor)
    authorise(actor, Action.REHEARSAL_READ, call)
    query = select(Rehearsal).where(Rehearsal.source_id == call.id).order_by(Rehearsal.number.desc())
    return call, session.scalars(query).all()


def report_of(session: Session, rehearsal_id: UUID, actor: Actor) -> Report:
    """One rehearsal with its report, or NotFound."""
    query = select(Rehearsal).where(Rehearsal.id == rehearsal_id)
    whole = (joinedload(Rehearsal.source), joinedload(Rehearsal.call), joinedload(Rehearsal.authority),
             selectinload(Rehearsal.steps))  # fmt: skip
    found = session.scalars(query.options(*whole)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.REHEARSAL_READ, found)
    return Report(found)


def rehearsal_for_update(session: Session, rehearsal_id: UUID) -> Rehearsal:
    """A rehearsal, locked, or NotFound."""
    query = select(Rehearsal).where(Rehearsal.id == rehearsal_id).with_for_update(of=Rehearsal)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
