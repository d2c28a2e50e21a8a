"""Cost reports: their lines, the files that show them, each version as it was sent, spreadsheets read into them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.calls.rules import CostForm
from portal.core.db import Base, Cents, JsonDocument, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.documents.rules import ScanState
from portal.grants.models import Grant
from portal.milestones.costs.rules import (
    ANSWER,
    APPROVE,
    BEING_WRITTEN,
    IN_CONTROL,
    REWRITE,
    WITHDRAW,
    Claim,
    CostReportStatus,
    DocumentKind,
    FileRole,
    ImportStatus,
    LineSource,
    PaymentMeans,
)
from portal.milestones.models import Milestone
from portal.questionnaires.models import AnswerSheet

WRITTEN_NOW = text("status IN ('draft', 'returned')")
FIRST_OF_ITS_DOCUMENT = text("part_of_id IS NULL AND claim <> 'freed'")
PAID_ONCE = text("form = 'lump_sum' AND claim <> 'freed'")
CLAIMED = text("part_of_id IS NULL AND claim = 'claimed'")


class CostReport(Stateful, Base):
    """What a recipient says it spent in a period. Lines change while it is a draft; `version` grows with each sending.

    `claimed_cents`: lines and computed rates as it was sent last. `accepted_cents`: what stands after control.
    """

    __tablename__ = "cost_report"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        Index("uq_cost_report_written_now", "grant_id", unique=True, sqlite_where=WRITTEN_NOW,
              postgresql_where=WRITTEN_NOW),
        Index("ix_cost_report_authority_id_status", "authority_id", "status"),
        CheckConstraint("until_on >= from_on", name="ends_after_its_start"),
        CheckConstraint("claimed_cents >= 0", name="claimed_not_negative"),
        CheckConstraint("(status = 'approved') = (accepted_cents IS NOT NULL)", name="accepted_by_approval"),
        CheckConstraint("accepted_cents IS NULL OR accepted_cents BETWEEN 0 AND claimed_cents",
                        name="accepted_within_claimed"),
        CheckConstraint("decided_by IS NULL OR submitted_by IS NULL OR decided_by <> submitted_by", name="two_people"),
        CheckConstraint("(return_reason IS NULL) = (status <> 'returned')", name="returned_with_a_reason"),
        holding(lazy_("Cost reports")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    number: Mapped[int]
    status: Mapped[CostReportStatus] = mapped_column(value_enum(CostReportStatus), default=CostReportStatus.DRAFT)
    status_at: Mapped[datetime]
    from_on: Mapped[date]
    until_on: Mapped[date]
    claimed_cents: Mapped[int] = mapped_column(Cents, default=0)
    accepted_cents: Mapped[int | None] = mapped_column(Cents)
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    submitted_at: Mapped[datetime | None]
    control_began_at: Mapped[datetime | None]
    """Since when the office controls it: from then on it is not taken back, only returned."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", subject="decided_by", erasure=kept(Because.PROCEDURE))
    )
    version: Mapped[int] = mapped_column(default=0)
    """How often it was sent."""
    sheet_id: Mapped[UUID | None] = mapped_column(ForeignKey("answer_sheet.id"), unique=True)
    """The answers of its technical part; none where the call asked nothing when it was begun."""

    grant: Mapped[Grant] = relationship()
    sheet: Mapped[AnswerSheet | None] = relationship()
    submitter: Mapped[Person | None] = relationship(foreign_keys=[submitted_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def is_being_written(self) -> bool:
        """Whether its lines change."""
        return self.status in BEING_WRITTEN

    @property
    def is_returned(self) -> bool:
        """Whether the office sent it back."""
        return self.status in REWRITE.sources

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether its recipient may take it back: until the control begins."""
        return self.status in WITHDRAW.sources and self.control_began_at is None

    @property
    def may_be_judged(self) -> bool:
        """Whether the office looks at its lines now."""
        return self.status in APPROVE.sources

    @property
    def awaits_answer(self) -> bool:
        """Whether the recipient was asked to explain something."""
        return self.status in ANSWER.sources

    @property
    def is_in_control(self) -> bool:
        """Whether the office has it."""
        return self.status in IN_CONTROL


class CostLine(Base):
    """One cost. Of a real one its document and payment; of a unit cost the quantity; of a lump sum its milestone.

    `fingerprint` names the document (supplier, number, day, gross): it is claimed by one grant. A line that charges
    more of a document of the same grant is `part_of` the first one.
    """

    __tablename__ = "cost_line"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        UniqueConstraint("id", "grant_id", "fingerprint"),
        ForeignKeyConstraint(
            ["part_of_id", "grant_id", "fingerprint"], ["cost_line.id", "cost_line.grant_id", "cost_line.fingerprint"],
            name="fk_cost_line_same_document",
        ),
        Index("ix_cost_line_part_of_id", "part_of_id", "grant_id", "fingerprint"),
        Index("uq_cost_line_document_of_grant", "grant_id", "fingerprint", unique=True,
              sqlite_where=FIRST_OF_ITS_DOCUMENT, postgresql_where=FIRST_OF_ITS_DOCUMENT),
        Index("uq_cost_line_document", "fingerprint", unique=True, sqlite_where=CLAIMED, postgresql_where=CLAIMED),
        Index("uq_cost_line_lump_sum", "grant_id", "category", "milestone_id", unique=True, sqlite_where=PAID_ONCE,
              postgresql_where=PAID_ONCE),
        Index("ix_cost_line_supplier_code_plain_number", "supplier_code", "plain_number"),
        Index("ix_cost_line_document_on_gross_cents_plain_number", "document_on", "gross_cents", "plain_number"),
        CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share_up_to_the_whole"),
        CheckConstraint("charged_cents >= 0", name="charged_not_negative"),
        CheckConstraint("accepted_cents IS NULL OR accepted_cents BETWEEN 0 AND charged_cents",
                        name="accepted_within_charged"),
        CheckConstraint("form <> 'flat_rate'", name="rates_are_computed"),
        CheckConstraint("form <> 'real' OR fingerprint IS NOT NULL", name="a_real_cost_has_a_document"),
        CheckConstraint("form <> 'real' OR charged_cents <= gross_cents", name="charged_within_the_document"),
        CheckConstraint("form <> 'unit_cost' OR quantity_hundredths > 0", name="a_unit_cost_has_a_quantity"),
        CheckConstraint("form <> 'lump_sum' OR milestone_id IS NOT NULL", name="a_lump_sum_has_a_milestone"),
        CheckConstraint("gross_cents IS NULL OR gross_cents = net_cents + vat_cents", name="gross_is_net_and_vat"),
        holding(lazy_("Lines of cost reports")),
    )  # fmt: skip

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"), index=True)
    number: Mapped[int]
    category: Mapped[str] = mapped_column(String(64), info=impersonal)
    form: Mapped[CostForm] = mapped_column(value_enum(CostForm))
    description: Mapped[str] = mapped_column(
        String(500), default="", info=personal("grant", subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    document: Mapped[DocumentKind | None] = mapped_column(value_enum(DocumentKind))
    supplier_name: Mapped[str] = mapped_column(
        String(200), default="", info=personal("grant", subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    supplier_code: Mapped[str] = mapped_column(
        String(28), default="", info=personal("grant", subject=NOBODY, erasure=kept(Because.PROCEDURE))
    )
    document_number: Mapped[str] = mapped_column(String(80), default="", info=impersonal)
    plain_number: Mapped[str | None] = mapped_column(String(160), info=impersonal)
    """The number without what people write differently: by it documents are found that resemble one another."""
    document_on: Mapped[date | None]
    net_cents: Mapped[int | None] = mapped_column(Cents)
    vat_cents: Mapped[int | None] = mapped_column(Cents)
    gross_cents: Mapped[int | None] = mapped_column(Cents)
    vat_recoverable: Mapped[bool] = mapped_column(default=False)
    share_bp: Mapped[int] = mapped_column(default=10_000)
    charged_cents: Mapped[int] = mapped_column(Cents)
    accepted_cents: Mapped[int | None] = mapped_column(Cents)
    """What of it stands, written once by the approval of its report."""
    cup: Mapped[str | None] = mapped_column(String(15))
    paid_on: Mapped[date | None]
    payment_means: Mapped[PaymentMeans | None] = mapped_column(value_enum(PaymentMeans))
    payment_reference: Mapped[str] = mapped_column(String(80), default="", info=impersonal)
    quantity_hundredths: Mapped[int | None]
    milestone_id: Mapped[UUID | None] = mapped_column(ForeignKey("milestone.id"), index=True)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    part_of_id: Mapped[UUID | None]
    claim: Mapped[Claim] = mapped_column(value_enum(Claim), default=Claim.WRITTEN)
    source: Mapped[LineSource] = mapped_column(value_enum(LineSource), default=LineSource.TYPED)

    report: Mapped[CostReport] = relationship()
    milestone: Mapped[Milestone | None] = relationship()
    files: Mapped[list["CostLineFile"]] = relationship(order_by="CostLineFile.id", back_populates="line")


class CostLineFile(Base):
    """A file that shows a cost, or its payment."""

    __tablename__ = "cost_line_file"
    __table_args__ = (UniqueConstraint("line_id", "file_id"),)

    line_id: Mapped[UUID] = mapped_column(ForeignKey("cost_line.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    role: Mapped[FileRole] = mapped_column(value_enum(FileRole))

    line: Mapped[CostLine] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()


class CostReportVersion(Base):
    """A cost report as it was sent: the whole of it in a file, with its hash. Append-only."""

    __tablename__ = "cost_report_version"
    __table_args__ = (UniqueConstraint("report_id", "number"), holding(lazy_("Cost reports as they were sent")))

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"))
    number: Mapped[int]
    claimed_cents: Mapped[int] = mapped_column(Cents)
    lines: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    sent_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()


class CostImport(Base):
    """A spreadsheet read into a draft, all of it or nothing; `faults` say row and mend of what stood in the way."""

    __tablename__ = "cost_import"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_the_whole"),
        holding(lazy_("Spreadsheets of costs")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("cost_report.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    status: Mapped[ImportStatus] = mapped_column(value_enum(ImportStatus), default=ImportStatus.WAITING)
    rows_read: Mapped[int] = mapped_column(default=0)
    rows_all: Mapped[int | None]
    percent: Mapped[int] = mapped_column(default=0, server_default="0")
    """How much of it is read so far."""
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JsonDocument, default=list, info=impersonal)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    report: Mapped[CostReport] = relationship()
    file: Mapped[StoredFile] = relationship()

    @property
    def waits(self) -> bool:
        """Whether it is still being read."""
        return self.status is ImportStatus.WAITING

    @property
    def is_scanned(self) -> bool:
        """Whether it still waits for the antivirus."""
        return self.waits and self.file.scan_state is ScanState.WAITING

    @property
    def is_done(self) -> bool:
        """Whether all of it came in."""
        return self.status is ImportStatus.DONE
