"""The register of irregularities, and what happened to each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.payments.irregularities.rules import LONGEST_REFERENCE, IrregularityKind, IrregularityOutcome, StepKind


class Irregularity(Base):
    """Something found wrong in a grant; open until it is closed with an outcome and its words."""

    __tablename__ = "irregularity"
    __table_args__ = (
        Index("ix_irregularity_grant_id_closed_at", "grant_id", "closed_at"),
        Index("ix_irregularity_authority_id_found_on", "authority_id", "found_on", "id"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        CheckConstraint("eu_cents >= 0 AND eu_cents <= cents", name="the_union_pays_a_part"),
        CheckConstraint("(reported_on IS NULL) = (report_reference IS NULL)", name="reported_with_a_reference"),
        CheckConstraint(
            "closed_by IS NULL OR closed_by <> opened_by AND (held_by IS NULL OR closed_by <> held_by)",
            name="two_people",
        ),
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
    eu_cents: Mapped[int] = mapped_column(Cents, default=0, server_default="0")
    """Of it, money of the Union."""
    description: Mapped[str] = mapped_column(
        Text, info=personal("payment", subject="opened_by", erasure=kept(Because.PROCEDURE))
    )
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    held_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Whoever opened it again: neither of the two closes it."""
    reply_by: Mapped[date | None]
    """Until when the recipient is heard."""
    replied_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[IrregularityOutcome | None] = mapped_column(value_enum(IrregularityOutcome))
    closed_words: Mapped[str | None] = mapped_column(
        Text, info=personal("payment", subject="closed_by", erasure=kept(Because.PROCEDURE))
    )
    report_by: Mapped[date | None]
    """Until when it is reported to the European body; none where it is below the threshold of its call."""
    reported_on: Mapped[date | None]
    report_reference: Mapped[str | None] = mapped_column(String(LONGEST_REFERENCE), info=impersonal)

    grant: Mapped[Grant] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    steps: Mapped[list["IrregularityStep"]] = relationship(
        order_by="IrregularityStep.id", back_populates="irregularity"
    )

    @property
    def guard(self) -> Guard:
        """As its grant, a secret to all others."""
        return self.grant.guard

    @property
    def is_open(self) -> bool:
        """Whether it still holds the payments of its grant."""
        return self.closed_at is None

    @property
    def waits_for_report(self) -> bool:
        """Whether the European body is still to be told."""
        return self.report_by is not None and self.reported_on is None

    def was_opened_by(self, person_id: UUID | None) -> bool:
        """Whether this person opened it, or opened it again."""
        return person_id is not None and person_id in (self.opened_by, self.held_by)

    def is_heard_on(self, today: date) -> bool:
        """Whether its recipient replied, or the term to reply has passed."""
        return self.replied_at is not None or self.reply_by is None or self.reply_by < today


class IrregularityStep(Base):
    """One thing that happened to an irregularity. Append-only."""

    __tablename__ = "irregularity_step"
    __table_args__ = (
        CheckConstraint("kind = 'opened' OR words IS NOT NULL", name="said_in_words"),
        holding(lazy_("Irregularities")),
    )

    irregularity_id: Mapped[UUID] = mapped_column(ForeignKey("irregularity.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(value_enum(StepKind))
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str | None] = mapped_column(
        Text, info=personal("payment", lazy_("what was said of an irregularity"), subject="made_by",
                            erasure=kept(Because.PROCEDURE)),
    )  # fmt: skip
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)

    irregularity: Mapped[Irregularity] = relationship(back_populates="steps")
    maker: Mapped[Person] = relationship(viewonly=True)
    file: Mapped[StoredFile | None] = relationship()
