"""Form revisions, answer sheets, answers with a version each, and their history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.documents.models import StoredFile


class FormRevision(Base):
    """A questionnaire as it was published. Append-only: a change is a new revision."""

    __tablename__ = "form_revision"
    __table_args__ = (UniqueConstraint("owner_id", "number"),)

    owner_id: Mapped[UUID]
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class AnswerSheet(Base):
    """The answers of one applicant to one revision."""

    __tablename__ = "answer_sheet"

    form_revision_id: Mapped[UUID] = mapped_column(ForeignKey("form_revision.id"), index=True)
    saved_at: Mapped[datetime | None]

    revision: Mapped[FormRevision] = relationship()


class Answer(Base):
    """The present answer to one question; `version` grows by one with each change (P4)."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("sheet_id", "key"),
        CheckConstraint("version > 0", name="version_positive"),
        holding(lazy_("Answers")),
    )

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("answer_sheet.id"))
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[dict[str, Any]] = mapped_column(info=personal("application", subject="saved_by"))
    version: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID | None]


class AnswerVersion(Base):
    """Every answer there ever was. Append-only."""

    __tablename__ = "answer_version"
    __table_args__ = (
        UniqueConstraint("sheet_id", "key", "version"),
        Index("ix_answer_version_sheet_id", "sheet_id"),
        holding(lazy_("Earlier answers")),
    )

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("answer_sheet.id"))
    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    value: Mapped[dict[str, Any]] = mapped_column(info=personal("application", subject="saved_by"))
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID | None]


class AnswerFile(Base):
    """A file given as an answer, now or earlier: taking it away only ends the row."""

    __tablename__ = "answer_file"
    __table_args__ = (
        Index("ix_answer_file_sheet_id_key", "sheet_id", "key"),
        holding(lazy_("Files of answers")),
    )

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("answer_sheet.id"))
    key: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()
