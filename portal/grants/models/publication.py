"""What is published of a grant beside its row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal


class GrantPublication(Base):
    """What art. 27 of D.Lgs 33/2013 asks beside the grant itself; a correction is a new version. Append-only."""

    __tablename__ = "grant_publication"
    __table_args__ = (
        UniqueConstraint("grant_id", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
        holding(lazy_("Grants published")),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    version: Mapped[int]
    legal_basis: Mapped[str] = mapped_column(String(300), info=impersonal)
    summary: Mapped[str] = mapped_column(Text, info=impersonal)
    """The project, in the words that the office publishes."""
    cv_url: Mapped[str | None] = mapped_column(String(300), info=impersonal)
    """Where the curriculum of who was engaged is published, if somebody was."""
    is_withheld: Mapped[bool]
    """Whether the recipient's name and code are left out (art. 26, c. 4)."""
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    published_at: Mapped[datetime]
