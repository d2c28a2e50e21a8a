"""Milestones, their reports by version, the evidence."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.milestones.rules import ACCEPT, OPEN_TO_PLAN, OPEN_TO_REPORT, MilestoneStatus


class Milestone(Stateful, Base):
    """One promise of the plan: what will be shown, and by when."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        Index("ix_milestone_authority_id_status", "authority_id", "status"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight_per_cent"),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200), info=impersonal)
    deliverable: Mapped[str] = mapped_column(Text, info=impersonal)
    due_on: Mapped[date]
    weight: Mapped[int] = mapped_column(default=0)
    status: Mapped[MilestoneStatus] = mapped_column(value_enum(MilestoneStatus), default=MilestoneStatus.PLANNED)
    status_at: Mapped[datetime]

    grant: Mapped[Grant] = relationship()
    reports: Mapped[list["MilestoneReport"]] = relationship(
        order_by="MilestoneReport.version", back_populates="milestone"
    )

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def may_be_planned(self) -> bool:
        """Whether title, deliverable and day may still change: before any report."""
        return self.status in OPEN_TO_PLAN

    @property
    def awaits_report(self) -> bool:
        """Whether the team may report."""
        return self.status in OPEN_TO_REPORT

    @property
    def awaits_decision(self) -> bool:
        """Whether the office has a report to decide."""
        return self.status in ACCEPT.sources

    @property
    def report(self) -> "MilestoneReport | None":
        """The latest report."""
        return self.reports[-1] if self.reports else None


class MilestoneReport(Base):
    """What the team says it did; a returned one is followed by a new version, never edited."""

    __tablename__ = "milestone_report"
    __table_args__ = (
        UniqueConstraint("milestone_id", "version"),
        CheckConstraint("decided_by IS NULL OR decided_by <> submitted_by", name="two_people"),
        CheckConstraint("return_reason IS NULL OR decided_at IS NOT NULL", name="returned_by_a_decision"),
        holding(lazy_("Milestone reports")),
    )

    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("milestone.id"))
    version: Mapped[int]
    narrative: Mapped[str] = mapped_column(Text, info=personal("grant", subject="submitted_by"))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    submitted_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(Text, info=personal("grant", subject="decided_by"))

    milestone: Mapped[Milestone] = relationship(back_populates="reports")
    submitter: Mapped[Person | None] = relationship(foreign_keys=[submitted_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])

    @property
    def is_returned(self) -> bool:
        """Whether the office sent it back."""
        return self.return_reason is not None

    evidence: Mapped[list["ReportEvidence"]] = relationship(order_by="ReportEvidence.id")


class ReportEvidence(Base):
    """A file that shows it."""

    __tablename__ = "report_evidence"
    __table_args__ = (UniqueConstraint("report_id", "file_id"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("milestone_report.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)

    file: Mapped[StoredFile] = relationship()
