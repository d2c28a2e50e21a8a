"""Where the story is played: a session, a calendar relative to today, and who is on stage."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.queries import actor_of
from portal.core.actor import Actor
from portal.documents.operations import Arrived
from portal.rehearsal.papers import pdf_of

ROME = ZoneInfo("Europe/Rome")


@dataclass
class Stage:
    """The session, the instant of loading, and everybody by key."""

    session: Session
    now: datetime
    password_hash: str
    password: str = ""
    """In plain, for the keys of the staff's apps."""
    authorities: dict[str, Authority] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)

    def at(self, days: float, hour: int = 10, minute: int = 0) -> datetime:
        """An instant `days` from today at an hour of Rome, never later than now for days up to 0."""
        day = self.day(int(days))
        instant = datetime.combine(day, time(hour, minute), tzinfo=ROME).astimezone(UTC)
        return min(instant, self.now - timedelta(seconds=30)) if days <= 0 else instant

    def day(self, days: int) -> date:
        """A day by Rome's calendar, `days` from today."""
        return self.now.astimezone(ROME).date() + timedelta(days=days)

    def actor(self, key: str, now: datetime | None = None) -> Actor:
        """Somebody as an operation receives them: roles and ties of this moment, a second factor given just now."""
        self.session.flush()
        instant = now or self.now
        return actor_of(self.session, self.people[key], instant, strong_at=instant)

    def owner_of(self, organisation: str) -> str:
        """The key of the person who represents an organisation."""
        return f"{organisation}:0"

    def pdf(self, title: str, *lines: str, strip: bool = False) -> Arrived:
        """A small PDF with these words."""
        return pdf_of(title, lines, strip=strip)
