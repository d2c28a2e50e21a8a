"""A coach's teams, each with what happened so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.queries.reading import WITH_PEOPLE
from portal.coaching.rules import COUNTED, SessionStatus
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Team:
    """A line of a coach's list."""

    engagement: Engagement
    used: int
    waiting: int
    last: datetime | None


def teams_of(session: Session, actor: Actor) -> list[Team]:
    """The teams of a coach, whoever was left alone for longest first: two statements."""
    query = select(Engagement).options(*WITH_PEOPLE)
    mine = session.scalars(query.where(Engagement.coach_id == actor.person_id, Engagement.until.is_(None))).all()
    sums = _sums(session, [engagement.id for engagement in mine])
    teams = [Team(engagement, *sums.get(engagement.id, (0, 0, None))) for engagement in mine]
    return sorted(teams, key=lambda team: (team.last or team.engagement.since, team.engagement.id))


def _sums(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, datetime | None]]:
    query = (
        select(
            CoachingSession.engagement_id,
            CoachingSession.status,
            func.sum(CoachingSession.minutes),
            func.max(CoachingSession.starts_at),
        )
        .where(CoachingSession.engagement_id.in_(ids), CoachingSession.status.in_(COUNTED))
        .group_by(CoachingSession.engagement_id, CoachingSession.status)
    )
    found: dict[UUID, tuple[int, int, datetime | None]] = {}
    for engagement_id, status, minutes, last in session.execute(query):
        used, waiting, latest = found.get(engagement_id, (0, 0, None))
        held = int(minutes) if status is SessionStatus.HELD else 0
        found[engagement_id] = (used + int(minutes), waiting + held, max(filter(None, (latest, last))))
    return found
