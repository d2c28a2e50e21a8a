"""Limits of releases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.core.db import Base, Cents
from portal.core.i18n import lazy_
from portal.core.privacy import holding


class ReleaseLimit(Base):
    """The most that a person, or everybody without a limit of their own, may release in a day. The newest counts."""

    __tablename__ = "release_limit"
    __table_args__ = (
        Index("ix_release_limit_authority_id_person_id", "authority_id", "person_id", "set_at"),
        CheckConstraint("cents >= 0", name="cents_not_negative"),
        CheckConstraint("person_id <> set_by", name="set_by_another"),
        holding(lazy_("Limits of releases")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Whose limit it is; None: of everybody who has none of their own."""
    cents: Mapped[int | None] = mapped_column(Cents)
    """None: no limit (of their own, for a person)."""
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    set_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], viewonly=True)
    setter: Mapped[Person] = relationship(foreign_keys=[set_by], viewonly=True)
