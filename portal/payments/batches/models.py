"""Batches of releases and their lines. Append-only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal
from portal.payments.batches.rules import BatchMode, LineOutcome
from portal.payments.models import Tranche


class ReleaseBatch(Base):
    """Tranches that one person released together."""

    __tablename__ = "release_batch"
    __table_args__ = holding(lazy_("Batches of releases"))

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    mode: Mapped[BatchMode] = mapped_column(value_enum(BatchMode))
    released_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    released_at: Mapped[datetime]

    person: Mapped[Person] = relationship(viewonly=True)
    lines: Mapped[list["ReleaseBatchLine"]] = relationship(order_by="ReleaseBatchLine.number", back_populates="batch")

    @property
    def guard(self) -> Guard:
        """Finance of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)


class ReleaseBatchLine(Base):
    """One tranche of a batch: released, or refused and why."""

    __tablename__ = "release_batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "tranche_id"),
        CheckConstraint("(outcome = 'refused') = (refusal IS NOT NULL)", name="refused_with_a_reason"),
        CheckConstraint("withheld_cents BETWEEN 0 AND gross_cents", name="net_not_negative"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("release_batch.id"))
    tranche_id: Mapped[UUID] = mapped_column(ForeignKey("tranche.id"), index=True)
    number: Mapped[int]
    version_seen: Mapped[int]
    outcome: Mapped[LineOutcome] = mapped_column(value_enum(LineOutcome))
    refusal: Mapped[str | None] = mapped_column(String(64), info=impersonal)
    """The name of the refusal, as the trail keeps it."""
    reason: Mapped[dict[str, Any] | None] = mapped_column(info=impersonal)
    gross_cents: Mapped[int] = mapped_column(Cents)
    withheld_cents: Mapped[int] = mapped_column(Cents)

    batch: Mapped[ReleaseBatch] = relationship(back_populates="lines")
    tranche: Mapped[Tranche] = relationship()
