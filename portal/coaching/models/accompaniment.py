"""Meetings of an accompaniment and who attended them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.calls.models import Phase
from portal.coaching.accompaniment.rules import Held
from portal.coaching.rules import SessionMode
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal


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
    def held(self) -> Held:
        """When it was."""
        return Held(self.starts_at, self.minutes)

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
