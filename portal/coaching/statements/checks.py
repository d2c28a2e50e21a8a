"""Invariants of statements: their minutes are those of their lines, and those of confirmed sessions."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.coaching.models import CoachingSession, CoachStatement
from portal.coaching.rules import SessionStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each statement that does not add up, or holds what no team confirmed."""
    query = select(CoachStatement).options(selectinload(CoachStatement.lines)).order_by(CoachStatement.id)
    confirmed = select(CoachingSession.id, CoachingSession.minutes, CoachingSession.coach_id)
    rows = session.execute(confirmed.where(CoachingSession.status == SessionStatus.CONFIRMED))
    held = {key: (minutes, coach_id) for key, minutes, coach_id in rows}
    for row in session.scalars(query):
        name = f"coaching: statement {row.id}"
        if row.minutes != sum(line.minutes for line in row.lines):
            yield f"{name} says {row.minutes} minutes, its lines another sum"
        for line in row.lines:
            if held.get(line.session_id) != (line.minutes, row.coach_id):
                yield f"{name} holds a session that nobody confirmed so: {line.session_id}"
