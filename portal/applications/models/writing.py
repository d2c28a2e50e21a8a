"""Writing together: what the people of a team say to each other about an answer, and who is where now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import Term, holding, impersonal, personal


class DraftComment(Base):
    """What somebody of the team said of a section or of one question; the first of a thread, or a reply to it.

    The team's alone: no office, no evaluator reads it, and no submission holds it. Whoever is erased takes their
    words along.
    """

    __tablename__ = "draft_comment"
    __table_args__ = (
        Index("ix_draft_comment_application_id_section_key", "application_id", "section_key", "id"),
        CheckConstraint("reply_to_id IS NULL OR resolved_at IS NULL", name="threads_are_resolved"),
        holding(lazy_("Comments of teams on their drafts")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    section_key: Mapped[str] = mapped_column(String(64), info=impersonal)
    question_key: Mapped[str | None] = mapped_column(String(64), info=impersonal)
    reply_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("draft_comment.id"), index=True)
    at: Mapped[datetime]
    written_by: Mapped[UUID | None]
    text: Mapped[str | None] = mapped_column(
        Text, info=personal("application", lazy_("comment"), subject="written_by", export="subject", erasure="blank")
    )
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]


class ReusedAnswer(Base):
    """An answer that came from an earlier application to another call: marked as such while it is at `version`."""

    __tablename__ = "reused_answer"
    __table_args__ = (UniqueConstraint("application_id", "key", "version"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    source_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), info=impersonal)
    version: Mapped[int]


class SectionPresence(Base):
    """Somebody of the team has a section of a draft open: where they were seen last."""

    __tablename__ = "section_presence"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        holding(lazy_("Who is writing now"), kept=Term(days=1), since="seen_at"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    section_key: Mapped[str] = mapped_column(
        String(64),
        info=personal(
            "application", lazy_("section open now"), subject="person_id", retention="1d", export="never",
            erasure="delete",
        ),
    )  # fmt: skip
    seen_at: Mapped[datetime]
