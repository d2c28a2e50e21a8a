"""Invariants of coaching (P21): minutes are what the clock says, a coach is in one place, answers are the team's."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.coaching.accompaniment import checks as accompaniment
from portal.coaching.models import CoachingSession
from portal.coaching.rules import COUNTED, SessionStatus
from portal.coaching.statements import checks as statements


def broken(session: Session) -> Iterator[str]:
    """One line for each session that cannot be, then for each register of attendance."""
    yield from accompaniment.broken(session)
    yield from statements.broken(session)
    query = select(CoachingSession).where(CoachingSession.status.in_(COUNTED))
    busy_until: dict[UUID, datetime] = {}
    busy_with: dict[UUID, UUID] = {}
    for each in session.scalars(query.order_by(CoachingSession.coach_id, CoachingSession.starts_at)):
        name = f"coaching: session {each.id}"
        if (each.ends_at - each.starts_at).total_seconds() != each.minutes * 60:
            yield f"{name} says {each.minutes} minutes but lasts {each.ends_at - each.starts_at}"
        if each.ends_at > each.logged_at:
            yield f"{name} was logged before it ended"
        is_joint = busy_with.get(each.coach_id) == each.occasion_id
        if each.starts_at < busy_until.get(each.coach_id, each.starts_at) and not is_joint:
            yield f"{name} overlaps another of the same coach"
        if each.status is SessionStatus.DISPUTED and each.answered_by is None:
            yield f"{name} is disputed by nobody"
        busy_with[each.coach_id] = each.occasion_id
        busy_until[each.coach_id] = max(each.ends_at, busy_until.get(each.coach_id, each.ends_at))
