"""The texts that an office keeps, and every version of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority
from portal.access.policy import Guard
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal
from portal.grants.library.fields import TextKind


class LibraryText(Base):
    """A clause or the draft of a statute, known by its key: calls name it, its words are in its versions."""

    __tablename__ = "library_text"
    __table_args__ = (
        UniqueConstraint("authority_id", "kind", "key"),
        CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name="retired_by_somebody"),
        holding(lazy_("Library of the office")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[TextKind] = mapped_column(value_enum(TextKind))
    key: Mapped[str] = mapped_column(String(64), info=impersonal)
    begun_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Since when it is offered no more: what was published or made before keeps it."""
    retired_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    authority: Mapped[Authority] = relationship()
    versions: Mapped[list["LibraryVersion"]] = relationship(
        order_by="LibraryVersion.version.desc()", back_populates="text"
    )

    @property
    def is_retired(self) -> bool:
        """Whether it is offered no more."""
        return self.retired_at is not None

    @property
    def guard(self) -> Guard:
        """The office that keeps it."""
        return Guard(authority_id=self.authority_id, is_secret=True)


class LibraryVersion(Base):
    """The words of a text from one edit to the next. Never changes: agreements are made of it."""

    __tablename__ = "library_version"
    __table_args__ = (
        UniqueConstraint("text_id", "version"),
        CheckConstraint("version > 0", name="version_counts_from_one"),
        holding(lazy_("Library of the office")),
    )

    text_id: Mapped[UUID] = mapped_column(ForeignKey("library_text.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), info=impersonal)
    forms: Mapped[list[Any]] = mapped_column(info=impersonal)
    """Legal forms that it serves; none for all."""
    body: Mapped[str] = mapped_column(Text, info=impersonal)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]

    text: Mapped[LibraryText] = relationship(back_populates="versions")

    def serves(self, form: str) -> bool:
        """Whether it is meant for this legal form."""
        return not self.forms or form in self.forms
