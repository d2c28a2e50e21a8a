"""A coach and a team."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation, Person
from portal.access.policy import Guard
from portal.access.rules.facts import local_day
from portal.applications.models import Application
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, personal

if TYPE_CHECKING:
    from portal.coaching.models.session import CoachingSession


class Engagement(Base):
    """One coach and one team, with an allowance in minutes. It belongs to an application: it may precede any grant."""

    __tablename__ = "engagement"
    __table_args__ = (
        Index("ix_engagement_application_id", "application_id"),
        Index("ix_engagement_coach_id", "coach_id"),
        Index(
            "uq_engagement_live",
            "application_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("allowance_minutes > 0", name="allowance_positive"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("until IS NULL OR end_reason IS NOT NULL", name="ended_with_a_reason"),
        holding(lazy_("Teams coached")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    allowance_minutes: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The days agreed; empty: from the assignment on, without an end."""
    objectives: Mapped[str] = mapped_column(Text, default="", server_default="", info=personal("coaching"))
    end_reason: Mapped[str | None] = mapped_column(Text, info=personal("coaching"))
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    hands_over_notes: Mapped[bool] = mapped_column(default=False, server_default="0")
    """Whether its coach reads what earlier coaches of the team wrote for the office too: the officer decides."""

    coach: Mapped[Person] = relationship(foreign_keys=[coach_id])
    application: Mapped[Application] = relationship()
    organisation: Mapped[Organisation] = relationship()
    sessions: Mapped[list["CoachingSession"]] = relationship(
        order_by="CoachingSession.starts_at.desc()", back_populates="engagement"
    )

    @property
    def begins_on(self) -> date:
        """The first day whose sessions count: the one agreed, else that of the assignment."""
        return self.starts_on or local_day(self.since)

    @property
    def guard(self) -> Guard:
        """The team, its coach, staff of the authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.application_id, self.organisation_id),
            is_secret=True,
            team=self.organisation_id,
        )
