"""What evaluators of one application agree on where their marks lie apart, and what they say on the way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, personal
from portal.evaluation.agreeing import AgreementStatus

HOLDS = text("status = 'agreed'")


class AgreedMark(Stateful, Base):
    """One mark under one criterion in place of the mean, with who reports and why; what it says never changes.

    `given_hundredths` is a mark of the criterion's own scale where it has one, else points.
    """

    __tablename__ = "agreed_mark"
    __table_args__ = (
        UniqueConstraint("application_id", "criterion", "version"),
        Index("uq_agreed_mark_holds", "application_id", "criterion", unique=True, sqlite_where=HOLDS,
              postgresql_where=HOLDS),
        CheckConstraint("given_hundredths >= 0", name="given_not_negative"),
        CheckConstraint("version > 0", name="version_positive"),
        holding(lazy_("Agreed marks")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    criterion: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    given_hundredths: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, info=personal("selection", subject="rapporteur_id"))
    rapporteur_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    status: Mapped[AgreementStatus] = mapped_column(value_enum(AgreementStatus), default=AgreementStatus.PROPOSED)
    status_at: Mapped[datetime]

    rapporteur: Mapped[Person] = relationship()
    assents: Mapped[list["Assent"]] = relationship(order_by="Assent.id")


class Assent(Base):
    """An evaluator's own word that the mark is theirs too. Append-only."""

    __tablename__ = "assent"
    __table_args__ = (UniqueConstraint("mark_id", "person_id"), holding(lazy_("Assents to agreed marks")))

    mark_id: Mapped[UUID] = mapped_column(ForeignKey("agreed_mark.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class DiscussionNote(Base):
    """A line of the discussion about an application, read by its evaluators, chair and secretary. Append-only."""

    __tablename__ = "discussion_note"
    __table_args__ = (
        Index("ix_discussion_note_application_id", "application_id"),
        holding(lazy_("Discussions of the commission")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text, info=personal("selection", subject="person_id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()
