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
    mine = engagements_of(session, actor)
    sums = sums_of(session, [engagement.application_id for engagement in mine])
    teams = [Team(engagement, *sums.get(engagement.application_id, (0, 0, None))) for engagement in mine]
    return sorted(teams, key=lambda team: (team.last or team.engagement.since, team.engagement.id))


def engagements_of(session: Session, actor: Actor) -> Sequence[Engagement]:
    """The live engagements of a coach."""
    query = select(Engagement).options(*WITH_PEOPLE)
    live = query.where(Engagement.coach_id == actor.person_id, Engagement.until.is_(None))
    return session.scalars(live.order_by(Engagement.since, Engagement.id)).all()


def sums_of(session: Session, applications: Sequence[UUID]) -> dict[UUID, tuple[int, int, datetime | None]]:
    """By application: minutes used with all its coaches, minutes that wait for the team, the last session."""
    query = (
        select(
            Engagement.application_id,
            CoachingSession.status,
            func.sum(CoachingSession.minutes),
            func.max(CoachingSession.starts_at),
        )
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .where(Engagement.application_id.in_(applications), CoachingSession.status.in_(COUNTED))
        .group_by(Engagement.application_id, CoachingSession.status)
    )
    found: dict[UUID, tuple[int, int, datetime | None]] = {}
    for application_id, status, minutes, last in session.execute(query):
        used, waiting, latest = found.get(application_id, (0, 0, None))
        held = int(minutes) if status is SessionStatus.HELD else 0
        found[application_id] = (used + int(minutes), waiting + held, max(filter(None, (latest, last))))
    return found
