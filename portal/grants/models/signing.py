"""Of which clauses an agreement was composed, and who signed it how."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.calls.rules.design import SignatureWay
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.agreements.rules import Doubt, Side
from portal.grants.models.agreement import Agreement
from portal.grants.models.library import LibraryVersion


class AgreementArticle(Base):
    """An article of an agreement: the very version of the clause that it was made of. Append-only."""

    __tablename__ = "agreement_article"
    __table_args__ = (UniqueConstraint("agreement_id", "number"), holding(lazy_("Agreements")))

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("library_version.id"), index=True)

    version: Mapped[LibraryVersion] = relationship()


class AgreementSignature(Base):
    """A signature as it was given: by whom, how, of which bytes, with which doubts. Append-only.

    The recipient may sign again until the office has; the last one counts.
    """

    __tablename__ = "agreement_signature"
    __table_args__ = (
        CheckConstraint("(way = 'portal') = (file_id IS NULL)", name="a_file_or_the_portal"),
        CheckConstraint("side = 'office' OR reason IS NULL", name="reason_of_the_office"),
        Index("ix_agreement_signature_agreement_id", "agreement_id"),
        Index(
            "uq_agreement_signature_office", "agreement_id", unique=True,
            sqlite_where=text("side = 'office'"), postgresql_where=text("side = 'office'"),
        ),
        holding(lazy_("Agreements")),
    )  # fmt: skip

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    side: Mapped[Side] = mapped_column(value_enum(Side))
    way: Mapped[SignatureWay] = mapped_column(value_enum(SignatureWay))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the document that was shown and signed."""
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    doubts: Mapped[list[Any]] = mapped_column(info=impersonal)
    reason: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", lazy_("reason"), subject="person_id", erasure=kept(Because.PROCEDURE))
    )
    """Why the office accepted the recipient's copy in spite of doubts."""

    agreement: Mapped[Agreement] = relationship(back_populates="signatures")
    person: Mapped[Person | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def doubted(self) -> tuple[Doubt, ...]:
        """What stays in doubt."""
        return tuple(Doubt(each) for each in self.doubts)
