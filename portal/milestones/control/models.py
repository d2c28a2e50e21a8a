"""The control of one version of a cost report: what was drawn, found and answered. Everything is only added to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.calls.rules import SampleMethod
from portal.core.db import Base, Cents, JsonDocument, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.milestones.control.rules import Answer, Outcome
from portal.milestones.control.sampling import Sampling
from portal.milestones.costs.models import CostReport
from portal.register.models import ProtocolEntry


class ControlSample(Base):
    """The lines of a version that are looked at, and how they were chosen: whoever repeats it finds the same."""

    __tablename__ = "control_sample"
    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        CheckConstraint("method <> 'random' OR seed <> ''", name="chance_has_a_seed"),
        holding(lazy_("Samples of costs")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    version: Mapped[int]
    method: Mapped[SampleMethod] = mapped_column(value_enum(SampleMethod))
    share_hundredths: Mapped[int]
    """Hundredths of one per cent."""
    least: Mapped[int]
    above_cents: Mapped[int | None] = mapped_column(Cents)
    by_document: Mapped[bool] = mapped_column(default=True, server_default=false())
    """Whether the amount is that of a document over all its lines; by line until 2026."""
    seed: Mapped[str] = mapped_column(String(200), default="", info=impersonal)
    population: Mapped[int]
    drawn: Mapped[list[Any]] = mapped_column(info=impersonal)
    """Numbers of lines."""
    alike: Mapped[list[Any] | None] = mapped_column(info=impersonal)
    """Numbers of lines whose document resembled, at the draw, one that was claimed: they are looked at too."""
    drawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    drawn_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()
    widenings: Mapped[list["ControlWidening"]] = relationship(
        primaryjoin="and_(foreign(ControlWidening.report_id) == ControlSample.report_id,"
        " ControlWidening.version == ControlSample.version)",
        order_by="ControlWidening.number", viewonly=True,
    )  # fmt: skip

    @property
    def sampling(self) -> Sampling:
        """How the lines were chosen."""
        return Sampling(self.method, self.share_hundredths, self.least, self.above_cents, self.seed, self.by_document)


class ControlWidening(Base):
    """More lines of the same sequence, because what was found in those drawn was too much for the others to stand."""

    __tablename__ = "control_widening"
    __table_args__ = (
        UniqueConstraint("report_id", "version", "number"),
        holding(lazy_("Samples of costs that were widened")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    version: Mapped[int]
    number: Mapped[int]
    drawn: Mapped[list[Any]] = mapped_column(info=impersonal)
    """Numbers of the lines that came to those drawn before."""
    projected_cents: Mapped[int] = mapped_column(Cents)
    """What was estimated for the lines not looked at when it was widened."""
    drawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    drawn_at: Mapped[datetime]


class LineOutcome(Base):
    """What somebody found on a line of a version; the newest counts."""

    __tablename__ = "line_outcome"
    __table_args__ = (
        UniqueConstraint("report_id", "version", "line_number", "number"),
        CheckConstraint("accepted_cents BETWEEN 0 AND charged_cents", name="accepted_within_charged"),
        CheckConstraint("(outcome = 'accepted') = (accepted_cents = charged_cents)", name="accepted_is_all_of_it"),
        CheckConstraint("outcome = 'accepted' OR reason IS NOT NULL", name="says_why_not_all"),
        holding(lazy_("Outcomes of the control of costs")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    version: Mapped[int]
    line_number: Mapped[int]
    number: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(value_enum(Outcome))
    charged_cents: Mapped[int] = mapped_column(Cents)
    accepted_cents: Mapped[int] = mapped_column(Cents)
    reason: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", subject="found_by", erasure=kept(Because.PROCEDURE))
    )
    found_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    found_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()


class ControlAnswer(Base):
    """What somebody found on a question of the checklist; the newest counts."""

    __tablename__ = "control_answer"
    __table_args__ = (
        Index("ix_control_answer_report_id_version", "report_id", "version"),
        CheckConstraint("answer = 'yes' OR note IS NOT NULL", name="says_why_not_yes"),
        holding(lazy_("Checklists of the control of costs")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    version: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Answer] = mapped_column(value_enum(Answer))
    note: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", subject="found_by", erasure=kept(Because.PROCEDURE))
    )
    found_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    found_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()


class ControlProposal(Base):
    """A control that somebody has ended, bound to what it found; another person approves it."""

    __tablename__ = "control_proposal"
    __table_args__ = (
        UniqueConstraint("report_id", "version", "number"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_at_an_instant"),
        holding(lazy_("Results proposed by the control of costs")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    version: Mapped[int]
    number: Mapped[int]
    accepted_cents: Mapped[int] = mapped_column(Cents)
    found_sha256: Mapped[str] = mapped_column(String(64), info=impersonal)
    """Of sample, outcomes, answers and clarifications as they were proposed."""
    projected_cents: Mapped[int | None] = mapped_column(Cents)
    """What the error found comes to in the lines that nobody looked at; None for proposals made until 2026."""
    projection: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument, info=impersonal)
    """How that was estimated, stratum by stratum."""
    note: Mapped[str] = mapped_column(
        Text, default="", info=personal("grant", subject="proposed_by", erasure=kept(Because.PROCEDURE))
    )
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    approved_at: Mapped[datetime | None]

    proposer: Mapped[Person | None] = relationship(foreign_keys=[proposed_by])
    approver: Mapped[Person | None] = relationship(foreign_keys=[approved_by])
    report: Mapped[CostReport] = relationship()


class ControlLetter(Base):
    """The letter that tells the result, registered and kept."""

    __tablename__ = "control_letter"
    __table_args__ = (UniqueConstraint("report_id"), holding(lazy_("Letters with the result of a control")))

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), index=True)
    made_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()


class Clarification(Base):
    """What the office asks about a version, and by when; one is open at a time."""

    __tablename__ = "cost_clarification"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("ended_at IS NULL OR ended_at >= asked_at", name="ends_after_it_was_asked"),
        holding(lazy_("Requests to clarify costs")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    version: Mapped[int]
    number: Mapped[int]
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), index=True)
    due_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    ended_at: Mapped[datetime | None]
    """When it was answered, or when the office went on without an answer."""
    is_answered: Mapped[bool] = mapped_column(default=False)

    items: Mapped[list["ClarificationItem"]] = relationship(
        order_by="ClarificationItem.line_number", back_populates="request"
    )
    report: Mapped[CostReport] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()

    @property
    def is_late(self) -> bool:
        """Whether the answer came after the term."""
        return self.ended_at is not None and self.is_answered and self.ended_at > self.due_at


class ClarificationItem(Base):
    """One question on one line (0: on the whole report), and its answer: nothing else can be answered."""

    __tablename__ = "cost_clarification_item"
    __table_args__ = (UniqueConstraint("request_id", "line_number"), holding(lazy_("Questions and answers on costs")))

    request_id: Mapped[UUID] = mapped_column(ForeignKey("cost_clarification.id"))
    line_number: Mapped[int]
    what: Mapped[str] = mapped_column(Text, info=personal("grant", subject=NOBODY, erasure=kept(Because.PROCEDURE)))
    answer: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)

    request: Mapped[Clarification] = relationship(back_populates="items")
    file: Mapped[StoredFile | None] = relationship()
