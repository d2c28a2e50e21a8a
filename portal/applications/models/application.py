"""Applications, their files, the frozen submissions, refused attempts, admissibility decisions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation
from portal.access.policy import Guard
from portal.access.rules.facts import local_day
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import ApplicantRule, CallDesign
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.questionnaires.models import AnswerSheet
from portal.register.models import ProtocolEntry


class Application(Stateful, Base):
    """A domanda of one organisation or group to one phase of a call.

    `title`, `area`, `requested_cents` and `total_cents` repeat tagged answers, for lists and rankings. `ordinal` is 1
    where the call takes one application of each applicant, else which of them it is.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_phase_id_status_id", "phase_id", "status", "id"),
        Index("ix_application_organisation_id", "organisation_id"),
        Index("ix_application_call_id_id", "call_id", "id"),
        Index(
            "uq_application_live",
            "phase_id",
            "organisation_id",
            "ordinal",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
        Index(
            "uq_application_follows",
            "follows_id",
            unique=True,
            sqlite_where=text("follows_id IS NOT NULL AND status <> 'withdrawn'"),
            postgresql_where=text("follows_id IS NOT NULL AND status <> 'withdrawn'"),
        ),
        CheckConstraint("requested_cents >= 0 AND total_cents >= 0", name="amounts_not_negative"),
        CheckConstraint("attended_minutes >= 0", name="attended_not_negative"),
        holding(lazy_("Applications")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    ordinal: Mapped[int] = mapped_column(default=1, server_default="1")
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"), index=True)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("answer_sheet.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[ApplicationStatus] = mapped_column(value_enum(ApplicationStatus), default=ApplicationStatus.DRAFT)
    status_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(String(300), default="", info=impersonal)
    area: Mapped[str | None] = mapped_column(String(64))
    requested_cents: Mapped[int] = mapped_column(Cents, default=0)
    total_cents: Mapped[int] = mapped_column(Cents, default=0)
    entered_kind: Mapped[str | None] = mapped_column(String(32), info=impersonal)
    entered_form: Mapped[str | None] = mapped_column(String(64), info=impersonal)
    """As which kind and legal form the applicant entered the call: a group that becomes an entity between two phases
    keeps its rule, its line and its ranking. Empty: as it is now."""
    attended_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    """What its team attended of the accompaniment after this phase, as the register of attendance says."""
    invited_at: Mapped[datetime | None]
    invited_reason: Mapped[str | None] = mapped_column(Text, info=personal("selection", subject=NOBODY))
    """Why it was invited to the next phase by hand, below the minimum of attendance."""
    carried: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}", info=impersonal)
    """The answers that came from the application it follows: {key: the first version}."""

    call: Mapped[Call] = relationship()
    phase: Mapped[Phase] = relationship()
    organisation: Mapped[Organisation] = relationship()
    sheet: Mapped[AnswerSheet] = relationship()
    follows: Mapped["Application | None"] = relationship(remote_side="Application.id")
    submissions: Mapped[list["Submission"]] = relationship(order_by="Submission.id", back_populates="application")

    @property
    def guard(self) -> Guard:
        """Its team, evaluators and coach by tie; staff of its authority. Its existence is a secret to all others.

        A sealed phase closes it to everybody but its team until the term is over.
        """
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.organisation_id, self.call_id),
            is_secret=True,
            under=self.phase_id,
        )

    @property
    def design(self) -> CallDesign:
        """The call as the phase of this application has it."""
        return self.phase.design

    @property
    def entered_as(self) -> tuple[str, str]:
        """The kind and the legal form that choose its rule, its budget line and its ranking."""
        organisation = self.organisation
        return (self.entered_kind or organisation.kind.value, self.entered_form or organisation.legal_form.value)

    @property
    def rule(self) -> ApplicantRule | None:
        """The rule of the call for this applicant, whatever it has become since it entered."""
        return self.design.rule_for(*self.entered_as)

    @property
    def submission(self) -> "Submission | None":
        """The registered version that counts: the last one."""
        return self.submissions[-1] if self.submissions else None

    @property
    def first_sent_at(self) -> datetime | None:
        """When the applicant first applied to the call: the first registered version of the first phase."""
        origin = self.follows.first_sent_at if self.follows else None
        return origin or (self.submissions[0].received_at if self.submissions else None)

    @property
    def new_entity_since(self) -> date | None:
        """The earliest day of the deed of the entity that it becomes, where the call wants a new one; else None."""
        rule = self.rule
        if rule is None or not rule.new_entity_only:
            return None
        return local_day(self.first_sent_at or self.created_at)

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written (officers do not read drafts)."""
        return self.status is ApplicationStatus.DRAFT


class ApplicationFile(Base):
    """A file answering one requested document; removing it only ends the row."""

    __tablename__ = "application_file"
    __table_args__ = (
        Index("ix_application_file_application_id", "application_id"),
        Index(
            "uq_application_file_live",
            "application_id",
            "document_key",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        holding(lazy_("Documents of applications")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    document_key: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship()
    application: Mapped[Application] = relationship()


class DraftRebase(Base):
    """A draft was carried over to a revised form: what changed of what it says, in words."""

    __tablename__ = "draft_rebase"
    __table_args__ = (Index("ix_draft_rebase_application_id", "application_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    form_before: Mapped[UUID] = mapped_column(ForeignKey("form_revision.id"), index=True)
    form_after: Mapped[UUID] = mapped_column(ForeignKey("form_revision.id"), index=True)
    at: Mapped[datetime]
    changes: Mapped[list[Any]] = mapped_column(info=impersonal)


class Submission(Base):
    """The frozen content of one registered submission. Append-only; refused by the database when late (P1)."""

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_application_id", "application_id"),
        Index("uq_submission_receipt_token", "receipt_token", unique=True),
        CheckConstraint("accepted_at >= received_at", name="accepted_after_received"),
        holding(lazy_("Applications sent")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"), index=True)
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    form_revision_id: Mapped[UUID] = mapped_column(ForeignKey("form_revision.id"), index=True)
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None]
    content: Mapped[dict[str, Any]] = mapped_column(
        info=personal("application", subject="submitted_by", erasure=kept(Because.REGISTERED))
    )
    content_sha256: Mapped[str] = mapped_column(String(64))
    receipt_token: Mapped[str | None] = mapped_column(String(43), info=impersonal)
    """Whoever has the receipt has it: it opens the page that confirms number, instant and hash. None for the oldest."""

    application: Mapped[Application] = relationship(back_populates="submissions")
    protocol_entry: Mapped[ProtocolEntry] = relationship()


class SubmissionReceipt(Base):
    """The PDF receipt of a submission, made after it by the worker."""

    __tablename__ = "submission_receipt"
    __table_args__ = (UniqueConstraint("submission_id"),)

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    made_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
    submission: Mapped[Submission] = relationship()


class SubmissionAttempt(Base):
    """A press of "submit" that was refused, with its reasons: the applicant's proof of the attempt."""

    __tablename__ = "submission_attempt"
    __table_args__ = (
        Index("ix_submission_attempt_application_id", "application_id"),
        holding(lazy_("Attempts to send")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    reasons: Mapped[list[Any]] = mapped_column(info=impersonal)


class AdmissibilityDecision(Base):
    """What the officer decided, point by point. Append-only."""

    __tablename__ = "admissibility_decision"
    __table_args__ = (
        Index("ix_admissibility_decision_application_id", "application_id"),
        holding(lazy_("Decisions on admissibility")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    is_admissible: Mapped[bool]
    checklist: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    reason: Mapped[str | None] = mapped_column(Text, info=personal("selection", subject="decided_by"))
