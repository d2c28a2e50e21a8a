"""A session of a coach."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.coaching.models.engagement import Engagement
from portal.coaching.rules import CONFIRM, DISPUTE, WITHDRAW, SessionMode, SessionStatus
from portal.core.db import Base, JsonDocument, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal


class CoachingSession(Stateful, Base):
    """One meeting as one team answers for it, logged by the coach. Sessions of a coach never overlap (P21: refused by
    the database); only the rows of several teams that met the coach together share their time and a `joint_id`.
    """

    __tablename__ = "coaching_session"
    __table_args__ = (
        Index("ix_coaching_session_engagement_id", "engagement_id"),
        Index("ix_coaching_session_coach_id_starts_at", "coach_id", "starts_at"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes_plausible"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("ends_at <= logged_at", name="not_in_the_future"),
        CheckConstraint("answered_by IS NULL OR answered_by <> coach_id", name="two_people"),
        CheckConstraint("status <> 'disputed' OR dispute_reason IS NOT NULL", name="disputed_with_a_reason"),
        CheckConstraint("status <> 'cancelled' OR withdrawn_reason IS NOT NULL", name="withdrawn_with_a_reason"),
        UniqueConstraint("joint_id", "engagement_id"),
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
    topics: Mapped[list[str]] = mapped_column(JsonDocument, default=list, server_default="[]", info=impersonal)
    joint_id: Mapped[UUID | None]
    next_step: Mapped[str | None] = mapped_column(String(300), info=personal("coaching"))
    next_step_owner: Mapped[str | None] = mapped_column(String(120), info=personal("coaching", subject=NOBODY))
    next_step_due: Mapped[date | None]
    """Of sessions logged before next steps had rows of their own: a confirmed session does not change."""
    logged_at: Mapped[datetime]
    status: Mapped[SessionStatus] = mapped_column(value_enum(SessionStatus), default=SessionStatus.HELD)
    status_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    dispute_reason: Mapped[str | None] = mapped_column(Text, info=personal("coaching", subject="answered_by"))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text, info=personal("coaching"))

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
    def may_be_withdrawn(self) -> bool:
        """Whether the coach may still take it back."""
        return self.status in WITHDRAW.sources

    @property
    def occasion_id(self) -> UUID:
        """What the coach is paid for once, however many teams were there."""
        return self.joint_id or self.id

    @property
    def guard(self) -> Guard:
        """As its engagement."""
        return self.engagement.guard
