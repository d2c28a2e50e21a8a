"""Early warnings: what the rules of a call found, and what an officer answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.coaching.maturity.signals import WarningKind
from portal.core.db import Base, JsonDocument, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.grants.models import Grant


class EarlyWarning(Base):
    """A team may need help. It is raised once for the same facts, and set aside by itself when they are over."""

    __tablename__ = "early_warning"
    __table_args__ = (
        UniqueConstraint("grant_id", "mark"),
        CheckConstraint("note IS NULL OR seen_at IS NOT NULL", name="a_note_by_who_has_seen"),
        holding(lazy_("Early warnings about teams")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    kind: Mapped[WarningKind] = mapped_column(value_enum(WarningKind))
    mark: Mapped[str] = mapped_column(String(160), info=impersonal)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonDocument, info=impersonal)
    raised_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text, info=personal("coaching", subject="seen_by"))

    grant: Mapped[Grant] = relationship()
    seer: Mapped[Person | None] = relationship()

    @property
    def guard(self) -> Guard:
        """The office of its authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.grant_id, self.grant.application_id, self.grant.organisation_id),
            is_secret=True,
        )

    @property
    def is_open(self) -> bool:
        """Whether nobody of the office has seen it, and its facts still hold."""
        return self.seen_at is None and self.over_at is None
