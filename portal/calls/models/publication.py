"""What is published around a call: its events, its documents, questions with their answers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.calls.models.call import Call, Phase
from portal.calls.rules.publication import CallEventKind, DocumentKind
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.documents.models import StoredFile


class CallEvent(Base):
    """What happened to a call: by which act, why, and which revision was in force after it. Append-only.

    `effective_at` is the new closing instant of an extension, and the instant of a planned publication.
    """

    __tablename__ = "call_event"
    __table_args__ = (
        Index("ix_call_event_call_id_at", "call_id", "at"),
        Index("ix_call_event_kind_at", "kind", "at"),
        holding(lazy_("Steps of calls")),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[CallEventKind] = mapped_column(value_enum(CallEventKind))
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    revision: Mapped[int]
    act_number: Mapped[str | None] = mapped_column(String(80))
    act_date: Mapped[date | None]
    reason: Mapped[dict[str, Any] | None] = mapped_column(info=impersonal)
    phase_id: Mapped[UUID | None] = mapped_column(ForeignKey("phase.id"), index=True)
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("call_answer.id"), index=True)
    effective_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    phase: Mapped[Phase | None] = relationship()
    answer: Mapped["CallAnswer | None"] = relationship()


class CallDocument(Base):
    """A file to download from the page of a call. Taking it away only ends the row: the earlier page keeps it."""

    __tablename__ = "call_document"
    __table_args__ = (
        Index("ix_call_document_call_id", "call_id"),
        CheckConstraint("removed_at >= added_at", name="removed_after_it_was_added"),
        holding(lazy_("Documents of calls")),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(value_enum(DocumentKind))
    title: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None]

    file: Mapped[StoredFile] = relationship()


class CallQuestion(Base):
    """What somebody asks about a call; who asked is told to the office alone, and erased with the person."""

    __tablename__ = "call_question"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("set_aside_reason IS NULL OR set_aside_at IS NOT NULL", name="reason_of_setting_aside"),
        holding(lazy_("Questions about calls")),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text, info=personal("notices", subject="asked_by", erasure="blank"))
    set_aside_at: Mapped[datetime | None]
    set_aside_by: Mapped[UUID | None]
    set_aside_reason: Mapped[str | None] = mapped_column(
        String(1000), info=personal("notices", subject="asked_by", erasure="blank")
    )

    call: Mapped[Call] = relationship()
    answers: Mapped[list["CallAnswer"]] = relationship(order_by="CallAnswer.version", back_populates="question")

    @property
    def guard(self) -> Guard:
        """The office of its call."""
        return self.call.guard

    @property
    def answer(self) -> "CallAnswer | None":
        """The answer in force."""
        return self.answers[-1] if self.answers else None

    @property
    def waits(self) -> bool:
        """Whether the office still owes something."""
        return not self.answers and self.set_aside_at is None


class CallAnswer(Base):
    """A question in the words in which it is published, without a name, and its answer. Append-only: edits are rows."""

    __tablename__ = "call_answer"
    __table_args__ = (
        UniqueConstraint("question_id", "version"),
        CheckConstraint("version > 0", name="version_positive"),
        holding(lazy_("Answers about calls")),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("call_question.id"))
    version: Mapped[int]
    question_text: Mapped[str] = mapped_column(Text, info=impersonal)
    answer_text: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    at: Mapped[datetime]
    by: Mapped[UUID | None]

    question: Mapped[CallQuestion] = relationship(back_populates="answers")
