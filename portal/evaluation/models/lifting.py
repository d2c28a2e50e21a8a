"""Conflicts that were lifted by an act, and files shown in a round without names. Rows are only added."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.evaluation.models.commissions import WHOLE_ACT


class ConflictLifting(Base):
    """From here on somebody is no longer held to be in conflict with an application: by which act, and why.

    What was declared stays as it is; who declared it is asked again on the names, and only their answer opens them.
    """

    __tablename__ = "conflict_lifting"
    __table_args__ = (
        Index("ix_conflict_lifting_application_id", "application_id"),
        holding(lazy_("Conflicts lifted by an act")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", lazy_("reason"), subject="person_id", mentions=True)
    )
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    at: Mapped[datetime]
    lifted_by: Mapped[UUID | None]


class FileRelease(Base):
    """A file withheld while names are hidden is shown after all: by a clean copy, or as it is, by an act."""

    __tablename__ = "file_release"
    __table_args__ = (
        Index("ix_file_release_application_id", "application_id"),
        CheckConstraint(WHOLE_ACT, name="whole_act"),
        CheckConstraint("(clean_file_id IS NULL) = (act_number IS NOT NULL)", name="copy_or_act"),
        holding(lazy_("Files shown while names are hidden")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    clean_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, info=impersonal)
    act_number: Mapped[str | None] = mapped_column(String(80), info=impersonal)
    act_date: Mapped[date | None]
    at: Mapped[datetime]
    released_by: Mapped[UUID | None]
