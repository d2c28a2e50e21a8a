"""What the office found before signing, and the draws of the sample."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.calls.models import Call
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.checking.rules import CheckOutcome
from portal.grants.models.grant import Grant


class CheckFinding(Base):
    """What somebody found on one check of a grant; the newest of a check counts. Append-only."""

    __tablename__ = "check_finding"
    __table_args__ = (
        Index("ix_check_finding_grant_id_key", "grant_id", "key"),
        CheckConstraint("valid_until >= issued_on", name="expires_after_its_date"),
        CheckConstraint("outcome = 'positive' OR note IS NOT NULL", name="says_why_not_positive"),
        CheckConstraint("outcome <> 'positive' OR reference IS NOT NULL OR file_id IS NOT NULL", name="has_evidence"),
        holding(lazy_("Checks before signing")),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    key: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[CheckOutcome] = mapped_column(value_enum(CheckOutcome))
    reference: Mapped[str | None] = mapped_column(String(300), info=impersonal)
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(
        Text, info=personal("facts", subject="found_by", erasure=kept(Because.PROCEDURE))
    )
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    found_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    found_at: Mapped[datetime]

    grant: Mapped[Grant] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    person: Mapped[Person | None] = relationship()


class SampleDraw(Base):
    """A draw of grants whose declarations are checked: who could be drawn, the seed, who was. Append-only."""

    __tablename__ = "sample_draw"
    __table_args__ = (
        Index("ix_sample_draw_call_id_key", "call_id", "key"),
        CheckConstraint("share_hundredths > 0 AND share_hundredths <= 10000", name="share_of_the_whole"),
        holding(lazy_("Draws of a sample")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    key: Mapped[str] = mapped_column(String(64))
    share_hundredths: Mapped[int]
    """Hundredths of one per cent."""
    seed: Mapped[str] = mapped_column(String(200), info=impersonal)
    population: Mapped[list[Any]] = mapped_column(info=impersonal)
    """References of the grants that could be drawn."""
    drawn: Mapped[list[Any]] = mapped_column(info=impersonal)
    drawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    drawn_at: Mapped[datetime]

    call: Mapped[Call] = relationship()

    @property
    def share(self) -> str:
        """Per cent, as people write it."""
        return f"{self.share_hundredths / 100:g}"
