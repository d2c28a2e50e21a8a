"""What stands beside a sent application: stamps that were used, and confirmations asked for and given."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.applications.models.application import Application
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal

_OPEN = text("signed_at IS NULL")


class StampMark(Base):
    """A stamp (marca da bollo) used at an authority, once and for one application. Append-only."""

    __tablename__ = "stamp_mark"
    __table_args__ = (
        UniqueConstraint("authority_id", "number"),
        Index("ix_stamp_mark_application_id", "application_id"),
        CheckConstraint("length(number) = 14", name="fourteen_digits"),
        holding(lazy_("Stamps used")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    number: Mapped[str] = mapped_column(String(14), info=impersonal)
    issued_on: Mapped[date]
    used_at: Mapped[datetime]


class SignOffRow(Base):
    """Somebody was asked to confirm an application, or did: `digest` is of what they confirmed, and of nothing else.

    A row that was signed never changes; at most one of an application waits.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        Index("ix_sign_off_application_id", "application_id"),
        Index("ix_sign_off_person_id_signed_at", "person_id", "signed_at"),
        Index("uq_sign_off_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("(signed_at IS NULL) = (digest IS NULL)", name="signed_with_digest"),
        holding(lazy_("Confirmations before sending")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    declared: Mapped[list[Any]] = mapped_column(default=list, info=impersonal)
    """The keys of the declarations that were accepted with it."""

    application: Mapped[Application] = relationship()
    person: Mapped[Person] = relationship()
