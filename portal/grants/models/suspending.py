"""A grant that stands still for a while."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.grants.models.grant import Grant

LIVE = text("ended_at IS NULL")


class Suspension(Base):
    """Why and until when; it ends by an act, never by the day alone."""

    __tablename__ = "grant_suspension"
    __table_args__ = (
        Index("uq_grant_suspension_live", "grant_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_grant_suspension_grant_id", "grant_id"),
        CheckConstraint("ended_at IS NULL OR ended_at >= since", name="ended_afterwards"),
        holding(lazy_("Suspensions of grants")),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    since: Mapped[datetime]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("grant", subject="suspended_by", erasure=kept(Because.PROCEDURE))
    )
    suspended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", subject="ended_by", erasure=kept(Because.PROCEDURE))
    )

    grant: Mapped[Grant] = relationship()

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard
