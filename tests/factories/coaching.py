"""A coach with two teams, and sessions of theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Role
from portal.coaching import operations
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.rules import SessionMode
from portal.core.actor import Actor
from tests.factories.base import make_staff
from tests.factories.grants import World, make_world


@dataclass
class Accompanied:
    """A coach, a second coach, and two teams of the first."""

    world: World
    engagement: Engagement
    other: Engagement
    second_coach: Person

    @property
    def session(self) -> Session:
        """The session of the test."""
        return self.world.session

    @property
    def now(self) -> datetime:
        """The instant of the test."""
        return self.world.now

    def by(self, person: Person) -> dict[str, Any]:
        """Who acts, and when."""
        return {"actor": self.world.actor(person), "now": self.now}

    def actor(self, person: Person) -> Actor:
        """The person with the ties of this moment."""
        return self.world.actor(person)

    def log(
        self, *, hours_ago: float = 2, minutes: int = 60, engagement: Engagement | None = None, **given: Any
    ) -> CoachingSession:
        """The coach logs a session."""
        fields: dict[str, Any] = {
            "starts_at": self.now - timedelta(hours=hours_ago), "minutes": minutes, "mode": SessionMode.IN_PERSON,
            "attendees": "Marta", "summary": "Abbiamo rivisto il bilancio.",
        } | self.by(self.world.coach)  # fmt: skip
        return operations.log_session(
            self.session, engagement_id=(engagement or self.engagement).id, **(fields | given)
        )

    def confirm(self, row: CoachingSession, at: datetime | None = None) -> CoachingSession:
        """Whoever represents the team confirms it."""
        owner = self.world.owner if row.engagement_id == self.engagement.id else self.world.leader
        return operations.confirm_session(self.session, session_id=row.id, actor=self.actor(owner), now=at or self.now)


def make_accompanied(session: Session, now: datetime) -> Accompanied:
    """Two teams with the same coach."""
    world = make_world(session, now=now)
    second = make_staff(session, world.authority, Role.COACH, now=now, name="Dario Riva")
    first = world.engage()
    other = operations.engage_coach(
        session, application_id=world.group_application.id, coach_id=world.coach.id,
        starts_on=(now - timedelta(days=61)).date(), actor=world.actor(world.officer), now=now,
    )  # fmt: skip
    return Accompanied(world, first, other, second)
