"""The agreement."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, kept, personal
from portal.documents.models import StoredFile
from portal.grants.agreements.rules import Side
from portal.grants.models.grant import Grant

if TYPE_CHECKING:
    from portal.grants.models.signing import AgreementArticle, AgreementSignature


class Agreement(Base):
    """A convenzione: the PDF prepared by the office, the signed copy sent back by the recipient."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("grant_id", "version"),
        CheckConstraint("countersigned_by IS NULL OR countersigned_by <> signed_by", name="two_people"),
        holding(lazy_("Agreements")),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    version: Mapped[int]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    prepared_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    prepared_at: Mapped[datetime]
    signed_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime | None]
    countersigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    countersigned_at: Mapped[datetime | None]
    countersigned_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    fields: Mapped[dict[str, Any] | None] = mapped_column(
        info=personal("grant", lazy_("what stands in the agreement"), subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    """The value of every field when it was composed; of the fixed text its CUP alone."""
    change: Mapped[str | None] = mapped_column(
        Text,
        info=personal("grant", lazy_("what the addendum changes"), subject=NOBODY, erasure=kept(Because.PROCEDURE)),
    )
    """Of an addendum: what it changes, a line each."""

    grant: Mapped[Grant] = relationship(back_populates="agreements")
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    signed_file: Mapped[StoredFile | None] = relationship(foreign_keys=[signed_file_id])
    countersigned_file: Mapped[StoredFile | None] = relationship(foreign_keys=[countersigned_file_id])
    articles: Mapped[list["AgreementArticle"]] = relationship(order_by="AgreementArticle.number")
    signatures: Mapped[list["AgreementSignature"]] = relationship(
        order_by="AgreementSignature.id", back_populates="agreement"
    )

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def is_in_force(self) -> bool:
        """Signed by both sides."""
        return self.signed_at is not None and self.countersigned_at is not None

    def carries(self, cup: str | None) -> bool:
        """Whether the CUP that was fixed in it is this one."""
        return self.fields is None or self.fields.get("cup", cup) == cup

    @property
    def is_addendum(self) -> bool:
        """Whether it changes an agreement that was in force."""
        return self.change is not None

    def signature_of(self, side: Side) -> "AgreementSignature | None":
        """The signature of one side that counts; None before it was given, or where it was sent back."""
        if side is Side.RECIPIENT and self.signed_at is None:
            return None
        found = [each for each in self.signatures if each.side is side]
        return found[-1] if found else None
