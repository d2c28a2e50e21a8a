"""The register of irregularities."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.grants.models import Grant
from portal.payments.irregularities.rules import IrregularityKind, IrregularityOutcome


class Irregularity(Base):
    """Something found wrong in a grant; open until it is closed with an outcome and its words."""

    __tablename__ = "irregularity"
    __table_args__ = (
        Index("ix_irregularity_grant_id_closed_at", "grant_id", "closed_at"),
        Index("ix_irregularity_authority_id_found_on", "authority_id", "found_on", "id"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL) AND (closed_at IS NULL) = (closed_words IS NULL)",
            name="closed_with_an_outcome",
        ),
        holding(lazy_("Irregularities")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    kind: Mapped[IrregularityKind] = mapped_column(value_enum(IrregularityKind))
    found_on: Mapped[date]
    cents: Mapped[int] = mapped_column(Cents)
    """The money it touches, 0 where none."""
    description: Mapped[str] = mapped_column(
        Text, info=personal("payment", subject="opened_by", erasure=kept(Because.PROCEDURE))
    )
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[IrregularityOutcome | None] = mapped_column(value_enum(IrregularityOutcome))
    closed_words: Mapped[str | None] = mapped_column(
        Text, info=personal("payment", subject="closed_by", erasure=kept(Because.PROCEDURE))
    )

    grant: Mapped[Grant] = relationship()

    @property
    def guard(self) -> Guard:
        """As its grant, a secret to all others."""
        return self.grant.guard

    @property
    def is_open(self) -> bool:
        """Whether it still holds the payments of its grant."""
        return self.closed_at is None
