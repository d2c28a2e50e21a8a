"""Agreeing on next steps, ticking them off, putting them off, giving them up. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.rules.facts import local_day
from portal.coaching.models import Engagement, NextStep
from portal.coaching.next_steps.queries import step_to_settle
from portal.coaching.next_steps.rules import CARRY_OVER, DROP, LONGEST_STEP, MOST_STEPS, TICK, StepStatus
from portal.coaching.queries.reading import members_of
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.operations.news import tell_people

WHAT_NEXT = lazy_("Write what is to be done.")


@dataclass(frozen=True, slots=True)
class StepAsked:
    """What is to be done, by whom, by when."""

    what: str
    owner_id: UUID
    due_on: date


def agree_on_steps(
    session: Session, *, engagement: Engagement, session_id: UUID | None, steps: Sequence[StepAsked], actor: Actor,
    now: datetime,
) -> list[NextStep]:  # fmt: skip
    """Write the next steps of a session: each waits on its owner's desk. Raises Invalid of `step_1` and so on."""
    people = {each.id: each for each in (*members_of(session, engagement, now), engagement.coach)} if steps else {}
    made = []
    for number, asked in enumerate(steps[:MOST_STEPS], 1):
        if asked.owner_id not in people:
            raise Invalid(lazy_("Choose somebody of the team, or the coach."), f"owner_{number}")
        if asked.due_on < local_day(now):
            raise Invalid(lazy_("Choose a day to come."), f"due_{number}")
        row = NextStep(
            authority_id=engagement.authority_id, engagement_id=engagement.id, session_id=session_id,
            what=written(clean_line(asked.what), most=LONGEST_STEP, field=f"step_{number}", empty=WHAT_NEXT),
            owner_id=asked.owner_id, due_on=asked.due_on, made_at=now, status=StepStatus.OPEN, status_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record(session, at=now, actor=actor, event="coaching.next_step_agreed", subject=row,
               after={"owner": asked.owner_id, "due_on": asked.due_on, "status": row.status})  # fmt: skip
        if asked.owner_id != actor.person_id:
            tell_people(session, people=[people[asked.owner_id]], path="/desk", now=now,
                        message=lazy_("A next step for you: %(what)s", what=row.what))  # fmt: skip
        made.append(row)
    return made


def tick_off(session: Session, *, next_step_id: UUID, actor: Actor, now: datetime) -> NextStep:
    """It is done."""
    return _settle(session, next_step_id, TICK, "coaching.next_step_done", actor, now)


def drop_step(session: Session, *, next_step_id: UUID, actor: Actor, now: datetime) -> NextStep:
    """It is not done any more: it leaves the desk of its owner."""
    return _settle(session, next_step_id, DROP, "coaching.next_step_dropped", actor, now)


def carry_over(session: Session, *, next_step_id: UUID, due_on: date | None, actor: Actor, now: datetime) -> NextStep:
    """Put it off to a later day; how often that happened stays visible. Raises Invalid of `due_on`."""
    row = step_to_settle(session, actor, next_step_id)
    if due_on is None or due_on < local_day(now) or due_on <= row.due_on:
        raise Invalid(lazy_("Choose a later day, from today on."), "due_on")
    before = row.due_on
    row.make(CARRY_OVER, at=now)
    row.due_on, row.carried = due_on, row.carried + 1
    record(session, at=now, actor=actor, event="coaching.next_step_carried", subject=row, before={"due_on": before},
           after={"due_on": due_on})  # fmt: skip
    return row


def _settle(session: Session, key: UUID, move: Move[StepStatus], event: str, actor: Actor, now: datetime) -> NextStep:
    row = step_to_settle(session, actor, key)
    before = row.status
    row.make(move, at=now)
    row.settled_by = actor.person_id
    record(session, at=now, actor=actor, event=event, subject=row, before={"status": before},
           after={"status": row.status})  # fmt: skip
    return row
