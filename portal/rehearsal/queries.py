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
from portal.rehearsal.models import Rehearsal, RehearsalStep
from portal.rehearsal.plan import Stop
from portal.rehearsal.rules import Level, RehearsalStatus


@dataclass(frozen=True, slots=True)
class Report:
    """A rehearsal with what it said, by level."""

    rehearsal: Rehearsal

    @property
    def advice(self) -> list[dict[str, object]]:
        """What the officer should think about: what could not be played, then warnings; what stopped it on top."""
        last = self.stopped_at
        steps = sorted(self.rehearsal.steps, key=lambda step: step is not last)
        lines = [line for step in steps for line in step.lines]
        return [line for level in (Level.IMPOSSIBLE, Level.WARNING) for line in lines if line["level"] == level]

    @property
    def stopped_at(self) -> RehearsalStep | None:
        """The last step that was tried, where the rest could not come or was not waited for."""
        rehearsal = self.rehearsal
        is_whole = rehearsal.done == rehearsal.planned and rehearsal.status is not RehearsalStatus.FAILED
        return None if is_whole or rehearsal.is_under_way or not rehearsal.steps else rehearsal.steps[-1]

    @property
    def broke(self) -> int:
        """How many things could not be played."""
        return sum(line["level"] == Level.IMPOSSIBLE for line in self.advice)

    @property
    def seconds(self) -> float:
        """How long all its steps took."""
        return sum(step.milliseconds for step in self.rehearsal.steps) / 1000

    @property
    def left(self) -> int:
        """How many steps did not come."""
        return self.rehearsal.planned - self.rehearsal.done

    @property
    def next_stop(self) -> Stop | None:
        """The step that is being played."""
        return self.rehearsal.next_stop

    @property
    def phases(self) -> dict[str, dict[str, str]]:
        """The names of the phases of the rehearsed call, by key."""
        call = self.rehearsal.call
        return {each.key: each.name for each in call.design.phases} if call is not None else {}


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
