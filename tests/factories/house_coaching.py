"""For the house: a meeting with a time to choose, a next step, a statement, the address of a calendar."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.coaching.agenda.feeds import address_of
from portal.coaching.agenda.rules import AppointmentStatus
from portal.coaching.models import (
    Appointment,
    CalendarFeed,
    CoachingNote,
    CoachingSession,
    CoachStatement,
    Engagement,
    NextStep,
    ProposedTime,
    StatementLine,
)
from portal.coaching.notes.rules import Readers
from portal.coaching.rules import SessionMode, SessionStatus

NOTES = {each.value: f"canarino-nota-{each}" for each in Readers} | {"session": "Un riassunto-canarino del coach."}
"""What the notes of the house say, by who reads them, and the summary of a session."""


def name_coaching_objects(session: Session, engagement: Engagement, now: datetime) -> dict[str, Any]:
    """The objects of the pages of coaching, by parameter."""
    about = {"authority_id": engagement.authority_id, "engagement_id": engagement.id}
    meeting = Appointment(
        **about, coach_id=engagement.coach_id, minutes=60, mode=SessionMode.IN_PERSON, place="Casa del quartiere",
        asked_by_coach=True, made_at=now, made_by=engagement.coach_id, status=AppointmentStatus.PROPOSED, status_at=now,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    time = ProposedTime(appointment_id=meeting.id, round=1, starts_at=now + timedelta(days=2))
    step = NextStep(
        **about, what="Chiedere tre preventivi", owner_id=engagement.coach_id, made_at=now, status_at=now,
        due_on=now.date() + timedelta(days=5),
    )  # fmt: skip
    feed = CalendarFeed(person_id=engagement.coach_id, made_at=now)
    notes = [
        CoachingNote(**about, author_id=engagement.coach_id, readers=each, what=NOTES[each], written_at=now)
        for each in Readers
    ]
    session.add_all([time, step, feed, *notes])
    session.flush()
    return {
        "appointment_id": meeting.id, "time_id": time.id, "next_step_id": step.id, "feed_token": address_of(feed),
        "statement_id": make_statement(session, engagement, now).id,
    }  # fmt: skip


def make_statement(session: Session, engagement: Engagement, now: datetime, minutes: int = 90) -> CoachStatement:
    """A closed month with one session."""
    starts = now - timedelta(days=45)
    held = CoachingSession(
        authority_id=engagement.authority_id, engagement_id=engagement.id, coach_id=engagement.coach_id,
        starts_at=starts, ends_at=starts + timedelta(minutes=minutes), minutes=minutes, mode=SessionMode.REMOTE,
        summary=NOTES["session"], logged_at=now - timedelta(days=44), status=SessionStatus.CONFIRMED,
        status_at=now,
    )  # fmt: skip
    row = CoachStatement(
        authority_id=engagement.authority_id, coach_id=engagement.coach_id, month=starts.date().replace(day=1),
        minutes=minutes, closed_at=now,
    )  # fmt: skip
    session.add_all([held, row])
    session.flush()
    session.add(
        StatementLine(
            statement_id=row.id, occasion_id=held.id, session_id=held.id, starts_at=starts, minutes=minutes,
            teams=engagement.organisation.name,
        )
    )  # fmt: skip
    session.flush()
    return row
