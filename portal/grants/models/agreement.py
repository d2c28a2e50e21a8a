"""The agreement."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding
from portal.documents.models import StoredFile
from portal.grants.models.grant import Grant


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

    grant: Mapped[Grant] = relationship(back_populates="agreements")
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    signed_file: Mapped[StoredFile | None] = relationship(foreign_keys=[signed_file_id])

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def is_in_force(self) -> bool:
        """Signed by both sides."""
        return self.signed_at is not None and self.countersigned_at is not None
