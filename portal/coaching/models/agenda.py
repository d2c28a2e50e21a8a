"""Meetings to come of a coach and a team, and the address under which a coach's calendar reads them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.coaching.agenda.rules import AGREE, LIVE, AppointmentStatus
from portal.coaching.models.engagement import Engagement
from portal.coaching.rules import SessionMode
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, personal


class Appointment(Stateful, Base):
    """A meeting to come: one side proposes times, the other chooses one; moving it is a further round of times.

    `sequence` grows with each change after it was agreed, so that calendars follow (RFC 5545, 3.8.7.4).
    """

    __tablename__ = "appointment"
    __table_args__ = (
        Index("ix_appointment_coach_id_starts_at", "coach_id", "starts_at"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes_plausible"),
        CheckConstraint("status NOT IN ('agreed', 'held', 'missed') OR starts_at IS NOT NULL", name="agreed_on_a_time"),
        CheckConstraint("status <> 'cancelled' OR reason IS NOT NULL", name="cancelled_with_a_reason"),
        CheckConstraint("(status = 'held') = (session_id IS NOT NULL)", name="held_as_logged"),
        UniqueConstraint("session_id"),
        holding(lazy_("Meetings of coaches and teams to come")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int]
    mode: Mapped[SessionMode] = mapped_column(value_enum(SessionMode))
    place: Mapped[str] = mapped_column(String(200), default="", info=personal("coaching", subject=NOBODY))
    link: Mapped[str] = mapped_column(String(500), default="", info=personal("coaching", subject=NOBODY))
    round: Mapped[int] = mapped_column(default=1)
    """Which times are open: those of this round; 0 of them where nothing is open."""
    asked_by_coach: Mapped[bool]
    starts_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[AppointmentStatus] = mapped_column(value_enum(AppointmentStatus), default=AppointmentStatus.PROPOSED)
    status_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text, info=personal("coaching", subject=NOBODY))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("coaching_session.id"))

    engagement: Mapped[Engagement] = relationship()
    coach: Mapped[Person] = relationship(foreign_keys=[coach_id])
    times: Mapped[list["ProposedTime"]] = relationship(order_by="ProposedTime.starts_at", back_populates="appointment")

    @property
    def open_times(self) -> list["ProposedTime"]:
        """The times of this round, as long as one may be chosen."""
        return [each for each in self.times if each.round == self.round] if self.is_live else []

    @property
    def is_live(self) -> bool:
        """Whether it is still to come: it may be moved or cancelled."""
        return self.status in LIVE

    @property
    def is_agreed(self) -> bool:
        """Whether its time stands."""
        return self.status is AGREE.target

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status in (AppointmentStatus.CANCELLED, AppointmentStatus.MISSED)

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, once a time is agreed."""
        return None if self.starts_at is None else self.starts_at + timedelta(minutes=self.minutes)

    @property
    def guard(self) -> Guard:
        """As its engagement."""
        return self.engagement.guard


class ProposedTime(Base):
    """A time that one side proposed in one round."""

    __tablename__ = "proposed_time"
    __table_args__ = (
        UniqueConstraint("appointment_id", "round", "starts_at"),
        holding(lazy_("Times proposed for meetings of coaches")),
    )

    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    round: Mapped[int]
    starts_at: Mapped[datetime]

    appointment: Mapped[Appointment] = relationship(back_populates="times")


class CalendarFeed(Base):
    """The private address at which a coach's calendar reads the agenda; it stops once it is revoked."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        Index(
            "uq_calendar_feed_live",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        holding(lazy_("Private addresses of coaches' calendars")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
