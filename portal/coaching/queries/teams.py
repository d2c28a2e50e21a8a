"""A coach's teams, each with what happened so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.coaching.models import Engagement
from portal.coaching.queries.coached import coached_of
from portal.coaching.queries.reading import WITH_PEOPLE
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
    found = coached_of(session, [engagement.application_id for engagement in mine])
    coached = [(engagement, found[engagement.application_id]) for engagement in mine]
    teams = [Team(engagement, each.used, each.waiting, each.last) for engagement, each in coached]
    return sorted(teams, key=lambda team: (team.last or team.engagement.since, team.engagement.id))


def engagements_of(session: Session, actor: Actor) -> Sequence[Engagement]:
    """The live engagements of a coach, without teams from which they stand apart."""
    apart = actor.objects_tied_as(Tie.CONFLICTED)
    query = select(Engagement).options(*WITH_PEOPLE)
    live = query.where(Engagement.coach_id == actor.person_id, Engagement.until.is_(None))
    live = live.where(Engagement.organisation_id.not_in(apart), Engagement.application_id.not_in(apart))
    return session.scalars(live.order_by(Engagement.since, Engagement.id)).all()
