"""What coaches say of themselves, and the teams from which they stand apart."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation, Person
from portal.access.policy import Guard
from portal.core.db import Base, JsonDocument
from portal.core.i18n import lazy_
from portal.core.privacy import holding, personal


class CoachProfile(Base):
    """What a coach knows, speaks and where, how many teams at most: what suggestions are made from."""

    __tablename__ = "coach_profile"
    __table_args__ = (
        UniqueConstraint("person_id", "authority_id"),
        CheckConstraint("most_teams BETWEEN 0 AND 50", name="most_teams_plausible"),
        holding(lazy_("Profiles of coaches")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    competences: Mapped[list[str]] = mapped_column(JsonDocument, info=personal("coaching", subject="person_id"))
    languages: Mapped[list[str]] = mapped_column(JsonDocument, info=personal("coaching", subject="person_id"))
    districts: Mapped[list[str]] = mapped_column(JsonDocument, info=personal("coaching", subject="person_id"))
    availability: Mapped[str] = mapped_column(String(300), default="", info=personal("coaching", subject="person_id"))
    away_until: Mapped[date | None]
    most_teams: Mapped[int]
    changed_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class CoachConflict(Base):
    """A team that a coach does not accompany, and why. Append-only."""

    __tablename__ = "coach_conflict"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id"),
        holding(lazy_("Conflicts that coaches declared")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, info=personal("coaching", subject="person_id", mentions=True))
    declared_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()

    @property
    def guard(self) -> Guard:
        """Staff of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)
