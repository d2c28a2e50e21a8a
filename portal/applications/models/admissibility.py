"""The check of admissibility: verdicts, requests for mending and their answers, notices of refusal, reserves.

Everything is only added to, but for the answers of a request, which stand still once they were sent.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.admissibility import ItemKind
from portal.applications.models.application import AdmissibilityDecision, Application, Submission
from portal.applications.rules import AdmissibilityPoint
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.register.models import ProtocolEntry


class PointVerdict(Base):
    """What somebody of the office found on one point; the newest of a point counts, a colleague's is a second look."""

    __tablename__ = "point_verdict"
    __table_args__ = (
        Index("ix_point_verdict_application_id", "application_id"),
        holding(lazy_("Findings on admissibility")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    point: Mapped[AdmissibilityPoint] = mapped_column(value_enum(AdmissibilityPoint))
    is_met: Mapped[bool]
    computed: Mapped[bool]
    at: Mapped[datetime]
    given_by: Mapped[UUID | None]
    note: Mapped[str | None] = mapped_column(
        Text, info=personal("selection", subject="given_by", erasure=kept(Because.PROCEDURE))
    )


class IntegrationRequest(Base):
    """What an applicant is asked to mend, why, by when; once for each registered version (art. 2 L. 241/1990)."""

    __tablename__ = "integration_request"
    __table_args__ = (
        Index("ix_integration_request_application_id", "application_id"),
        UniqueConstraint("submission_id"),
        CheckConstraint("days >= 1 AND days <= 30", name="days_within_the_law"),
        CheckConstraint("due_at > at", name="due_after_it_was_asked"),
        holding(lazy_("Requests to complete an application")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    at: Mapped[datetime]
    days: Mapped[int]
    due_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="asked_by", erasure=kept(Because.PROCEDURE))
    )

    application: Mapped[Application] = relationship()
    submission: Mapped[Submission] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()
    items: Mapped[list["IntegrationItem"]] = relationship(order_by="IntegrationItem.id", back_populates="request")
    extension: Mapped["IntegrationExtension | None"] = relationship()
    reply: Mapped["IntegrationReply | None"] = relationship(back_populates="request")

    @property
    def last_instant(self) -> datetime:
        """The end of the term in force."""
        return self.extension.due_at if self.extension else self.due_at

    def is_open(self, now: datetime) -> bool:
        """Whether the applicant may still answer."""
        return self.reply is None and now <= self.last_instant


class IntegrationItem(Base):
    """One thing asked; its answer is written by the team until it is sent, and by nobody after."""

    __tablename__ = "integration_item"
    __table_args__ = (
        UniqueConstraint("request_id", "key"),
        CheckConstraint("value IS NULL OR file_id IS NULL", name="an_answer_or_a_file"),
        holding(lazy_("What is asked to complete an application")),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("integration_request.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(value_enum(ItemKind))
    key: Mapped[str] = mapped_column(String(64))
    point: Mapped[AdmissibilityPoint] = mapped_column(value_enum(AdmissibilityPoint))
    label: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    what: Mapped[str] = mapped_column(Text, info=impersonal)
    value: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
        info=personal("application", subject="answered_by", erasure=kept(Because.REGISTERED)),
    )
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]

    request: Mapped[IntegrationRequest] = relationship(back_populates="items")
    file: Mapped[StoredFile | None] = relationship()

    @property
    def is_answered(self) -> bool:
        """Whether the team has written something here."""
        return self.file_id is not None or self.value is not None


class IntegrationExtension(Base):
    """More days, once, with their reason."""

    __tablename__ = "integration_extension"
    __table_args__ = (
        UniqueConstraint("request_id"),
        CheckConstraint("days >= 1 AND days <= 29", name="days_within_the_law"),
        holding(lazy_("Extensions of a request to complete an application")),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("integration_request.id"))
    at: Mapped[datetime]
    days: Mapped[int]
    due_at: Mapped[datetime]
    given_by: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="given_by", erasure=kept(Because.PROCEDURE))
    )


class IntegrationReply(Base):
    """The answers as they were sent: frozen, hashed, registered; what was sent first stays as it was."""

    __tablename__ = "integration_reply"
    __table_args__ = (
        UniqueConstraint("request_id"),
        CheckConstraint("accepted_at >= received_at", name="accepted_after_received"),
        holding(lazy_("Answers that complete an application")),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("integration_request.id"))
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    replied_by: Mapped[UUID | None]
    content: Mapped[dict[str, Any]] = mapped_column(
        info=personal("application", subject="replied_by", erasure=kept(Because.REGISTERED))
    )
    content_sha256: Mapped[str] = mapped_column(String(64))

    request: Mapped[IntegrationRequest] = relationship(back_populates="reply")
    protocol_entry: Mapped[ProtocolEntry] = relationship()


class IntegrationAttempt(Base):
    """An answer that was refused, with its reasons: the applicant's proof of the attempt."""

    __tablename__ = "integration_attempt"
    __table_args__ = (holding(lazy_("Attempts to answer a request")),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("integration_request.id"), index=True)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    reasons: Mapped[list[Any]] = mapped_column(info=impersonal)


class RejectionNotice(Base):
    """What the office means to refuse, and why, before it does (art. 10-bis L. 241/1990)."""

    __tablename__ = "rejection_notice"
    __table_args__ = (
        Index("ix_rejection_notice_application_id", "application_id"),
        UniqueConstraint("submission_id"),
        CheckConstraint("due_at > at", name="due_after_it_was_given"),
        holding(lazy_("Notices before a refusal")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    given_by: Mapped[UUID | None]
    points: Mapped[list[Any]] = mapped_column(info=impersonal)
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="given_by", erasure=kept(Because.PROCEDURE))
    )

    application: Mapped[Application] = relationship()
    submission: Mapped[Submission] = relationship()
    observations: Mapped["RejectionObservations | None"] = relationship()


class RejectionObservations(Base):
    """What the applicant answers to a notice: registered, once."""

    __tablename__ = "rejection_observations"
    __table_args__ = (UniqueConstraint("notice_id"), holding(lazy_("Answers to a notice before a refusal")))

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("rejection_notice.id"))
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    received_at: Mapped[datetime]
    written_by: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(
        Text, info=personal("application", subject="written_by", export="subject", erasure=kept(Because.REGISTERED))
    )

    protocol_entry: Mapped[ProtocolEntry] = relationship()


class AdmissibilityReserve(Base):
    """A condition on which an application was admitted, and the day until which it may be met."""

    __tablename__ = "admissibility_reserve"
    __table_args__ = (
        Index("ix_admissibility_reserve_application_id", "application_id"),
        UniqueConstraint("decision_id"),
        holding(lazy_("Reserves on admissibility")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("admissibility_decision.id"))
    at: Mapped[datetime]
    condition: Mapped[str] = mapped_column(Text, info=impersonal)
    due_on: Mapped[date]
    due_at: Mapped[datetime]

    application: Mapped[Application] = relationship()
    decision: Mapped[AdmissibilityDecision] = relationship()
    outcome: Mapped["ReserveOutcome | None"] = relationship()


class ReserveOutcome(Base):
    """A reserve that was lifted, or turned into an exclusion, with the reason."""

    __tablename__ = "reserve_outcome"
    __table_args__ = (UniqueConstraint("reserve_id"), holding(lazy_("Reserves decided")))

    reserve_id: Mapped[UUID] = mapped_column(ForeignKey("admissibility_reserve.id"))
    at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    is_lifted: Mapped[bool]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="decided_by", erasure=kept(Because.PROCEDURE))
    )
