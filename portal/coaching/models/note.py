"""Notes on a team."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.coaching.models.engagement import Engagement
from portal.coaching.notes.rules import Readers
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, personal


class CoachingNote(Base):
    """A note of a coach or the office, and who reads it. It does not change: what is no longer so is a further note."""

    __tablename__ = "coaching_note"
    __table_args__ = (
        Index("ix_coaching_note_engagement_id_written_at", "engagement_id", "written_at"),
        CheckConstraint("length(what) > 0", name="says_something"),
        holding(lazy_("Notes on coached teams")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagement.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    readers: Mapped[Readers] = mapped_column(value_enum(Readers))
    what: Mapped[str] = mapped_column(Text, info=personal("coaching", subject="author_id", mentions=True))
    written_at: Mapped[datetime]

    engagement: Mapped[Engagement] = relationship()
    author: Mapped[Person] = relationship()

    @property
    def guard(self) -> Guard:
        """As its engagement."""
        return self.engagement.guard
