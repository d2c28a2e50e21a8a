"""What evaluators declared, the list of names they declared on, and what the portal suggested. Rows are only added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, JsonDocument, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.evaluation.suggesting import Likeness


class GeneralDeclaration(Base):
    """What somebody swore before anything of the applications was shown, in the words they read.

    `holds` is False where they could not: they leave the commission. What they said of themselves is compared with what
    applicants say, and shown to nobody else.
    """

    __tablename__ = "general_declaration"
    __table_args__ = (
        UniqueConstraint("commission_id", "person_id"),
        CheckConstraint("holds OR reason IS NOT NULL", name="refused_with_a_reason"),
        holding(lazy_("Declarations of evaluators")),
    )

    commission_id: Mapped[UUID] = mapped_column(ForeignKey("commission.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    holds: Mapped[bool]
    text: Mapped[str] = mapped_column(Text, info=impersonal)
    reason: Mapped[str | None] = mapped_column(Text, info=personal("selection", lazy_("reason"), export="subject"))
    fiscal_code: Mapped[str | None] = mapped_column(String(16), info=personal("selection", export="subject"))
    street: Mapped[str | None] = mapped_column(
        String(200), info=personal("selection", lazy_("address of the person"), export="subject")
    )
    city: Mapped[str | None] = mapped_column(String(120), info=personal("selection", export="subject"))
    organisations: Mapped[str | None] = mapped_column(
        Text, info=personal("selection", lazy_("organisations one belongs to"), export="subject")
    )
    at: Mapped[datetime]


class NamesShown(Base):
    """Who applies, as the commission reads it before anything else: the applicant's name, then its partners'.

    A partner who comes in later makes a new version, and the question is asked anew.
    """

    __tablename__ = "names_shown"
    __table_args__ = (UniqueConstraint("application_id", "version"), holding(lazy_("Names declared on")))

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    version: Mapped[int]
    names: Mapped[list[str]] = mapped_column(JsonDocument, info=impersonal)
    at: Mapped[datetime]


class ConflictDeclaration(Base):
    """What an evaluator declared on the names of an application (`names_id`); or what was found about them."""

    __tablename__ = "conflict_declaration"
    __table_args__ = (
        Index("ix_conflict_declaration_application_id", "application_id"),
        holding(lazy_("Declarations of conflict")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    names_id: Mapped[UUID | None] = mapped_column(ForeignKey("names_shown.id"), index=True)
    has_conflict: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text, info=personal("selection", export="subject"))
    at: Mapped[datetime]


class ConflictSuggestion(Base):
    """Something that an evaluator and who applies have in common: no conflict until a person says so."""

    __tablename__ = "conflict_suggestion"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id", "likeness"),
        holding(lazy_("Conflicts suggested by the portal")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    likeness: Mapped[Likeness] = mapped_column(value_enum(Likeness))
    found_at: Mapped[datetime]


class SuggestionDecision(Base):
    """What a person decided on one suggestion, and why."""

    __tablename__ = "suggestion_decision"
    __table_args__ = holding(lazy_("Decisions on suggested conflicts"))

    suggestion_id: Mapped[UUID] = mapped_column(ForeignKey("conflict_suggestion.id"), unique=True)
    is_conflict: Mapped[bool]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", lazy_("reason"), subject="suggestion_id.person_id", mentions=True)
    )
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime]
