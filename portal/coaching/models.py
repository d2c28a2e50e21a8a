"""Engagements and sessions; meetings of an accompaniment and who attended them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation, Person
from portal.access.policy import Guard
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.coaching.rules import CONFIRM, DISPUTE, SessionMode, SessionStatus
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal


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
        holding(lazy_("Teams coached")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    allowance_minutes: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    coach: Mapped[Person] = relationship()
    application: Mapped[Application] = relationship()
    organisation: Mapped[Organisation] = relationship()
    sessions: Mapped[list["CoachingSession"]] = relationship(
        order_by="CoachingSession.starts_at.desc()", back_populates="engagement"
    )

    @property
    def guard(self) -> Guard:
        """The team, its coach, staff of the authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.application_id, self.organisation_id),
            is_secret=True,
        )


class CoachingSession(Stateful, Base):
    """One meeting, logged by the coach. Sessions of a coach never overlap (P21: refused by the database)."""

    __tablename__ = "coaching_session"
    __table_args__ = (
        Index("ix_coaching_session_engagement_id", "engagement_id"),
        Index("ix_coaching_session_coach_id_starts_at", "coach_id", "starts_at"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes_plausible"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("ends_at <= logged_at", name="not_in_the_future"),
        CheckConstraint("answered_by IS NULL OR answered_by <> coach_id", name="two_people"),
        CheckConstraint("status <> 'disputed' OR dispute_reason IS NOT NULL", name="disputed_with_a_reason"),
        holding(lazy_("Coaching sessions")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagement.id"))
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    mode: Mapped[SessionMode] = mapped_column(value_enum(SessionMode))
    attendees: Mapped[str] = mapped_column(String(300), default="", info=personal("coaching", subject=NOBODY))
    summary: Mapped[str] = mapped_column(Text, info=personal("coaching"))
    next_step: Mapped[str | None] = mapped_column(String(300), info=personal("coaching"))
    next_step_owner: Mapped[str | None] = mapped_column(String(120), info=personal("coaching", subject=NOBODY))
    next_step_due: Mapped[date | None]
    logged_at: Mapped[datetime]
    status: Mapped[SessionStatus] = mapped_column(value_enum(SessionStatus), default=SessionStatus.HELD)
    status_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    dispute_reason: Mapped[str | None] = mapped_column(Text, info=personal("coaching", subject="answered_by"))

    engagement: Mapped[Engagement] = relationship(back_populates="sessions")

    @property
    def may_be_confirmed(self) -> bool:
        """Whether the team may still confirm it."""
        return self.status in CONFIRM.sources

    @property
    def may_be_disputed(self) -> bool:
        """Whether the team may still dispute it."""
        return self.status in DISPUTE.sources

    @property
    def guard(self) -> Guard:
        """As its engagement."""
        return self.engagement.guard


class Meeting(Base):
    """One meeting of the accompaniment between two phases, for all its teams. Append-only: what was wrong is corrected
    team by team, with a reason.
    """

    __tablename__ = "accompaniment_meeting"
    __table_args__ = (
        UniqueConstraint("phase_id", "starts_at", "title"),
        CheckConstraint("minutes BETWEEN 15 AND 600", name="minutes_plausible"),
        CheckConstraint("starts_at < noted_at", name="not_in_the_future"),
        holding(lazy_("Meetings of an accompaniment")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), info=impersonal)
    mode: Mapped[SessionMode] = mapped_column(value_enum(SessionMode))
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    phase: Mapped[Phase] = relationship()
    attendances: Mapped[list["Attendance"]] = relationship(order_by="Attendance.sequence", back_populates="meeting")

    @property
    def guard(self) -> Guard:
        """Staff of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.id, self.phase_id), is_secret=True)

    @property
    def present(self) -> dict[UUID, bool]:
        """Whether each team was there, by application: the last row of each counts."""
        return {each.application_id: each.was_there for each in self.attendances}


class Attendance(Base):
    """Whether a team was at a meeting. Append-only: a correction is a further row with its reason."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "application_id", "sequence"),
        CheckConstraint("sequence = 1 OR reason IS NOT NULL", name="corrected_with_a_reason"),
        holding(lazy_("Register of attendance")),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("accompaniment_meeting.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    sequence: Mapped[int]
    was_there: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text, info=personal("selection", subject="noted_by"))
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    meeting: Mapped[Meeting] = relationship(back_populates="attendances")


class AccompanimentClosing(Base):
    """The accompaniment after a phase is over: whoever attended enough was invited. Append-only."""

    __tablename__ = "accompaniment_closing"
    __table_args__ = (
        UniqueConstraint("phase_id"),
        CheckConstraint("needed_minutes >= 0", name="needed_not_negative"),
        holding(lazy_("Accompaniments that are closed")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    needed_minutes: Mapped[int]
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
