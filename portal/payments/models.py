"""Tranches, payment orders and their lines."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Action, Guard
from portal.access.rules.authorities import PaymentExporter
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.milestones.models import Milestone
from portal.payments.bank.reasons import MENDED_BY, REASONS, in_words, mend_of
from portal.payments.rules import RELEASED, SEND_BACK, TAKE_BACK, TrancheStatus

NEXT_ACT = {
    TrancheStatus.PLANNED: Action.TRANCHE_REQUEST,
    TrancheStatus.REQUESTED: Action.TRANCHE_VERIFY,
    TrancheStatus.VERIFIED: Action.TRANCHE_PROPOSE,
    TrancheStatus.PROPOSED: Action.TRANCHE_APPROVE,
}
"""Who acts next at each step; the same person may send the tranche back."""


class Tranche(Stateful, Base):
    """A part of a grant. `version` grows with each change: approval is bound to the version seen."""

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        Index("ix_tranche_authority_id_status_due_on", "authority_id", "status", "due_on", "id"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint(
            "approved_by IS NULL OR (proposed_by IS NOT NULL AND approved_by <> proposed_by)",
            name="maker_is_not_checker",
        ),
        CheckConstraint(
            "status IN ('planned', 'cancelled') OR (requested_at IS NOT NULL AND due_on IS NOT NULL)", name="requested"
        ),
        CheckConstraint("status IN ('planned', 'cancelled', 'requested') OR verified_at IS NOT NULL", name="verified"),
        CheckConstraint(
            "status IN ('planned', 'cancelled', 'requested', 'verified') OR proposed_at IS NOT NULL", name="proposed"
        ),
        CheckConstraint(
            "(status IN ('approved', 'ordered', 'paid', 'failed')) = (approved_by IS NOT NULL)",
            name="released_by_somebody",
        ),
        CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name="paid_on_a_day"),
        CheckConstraint("withheld_cents >= 0 AND withheld_cents < amount_cents", name="something_is_paid"),
        holding(lazy_("Tranches")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    milestone_id: Mapped[UUID | None] = mapped_column(ForeignKey("milestone.id"), index=True)
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    amount_cents: Mapped[int] = mapped_column(Cents)
    """Gross: what leaves the award."""
    withheld_cents: Mapped[int] = mapped_column(Cents, default=0, server_default="0")
    """The tax withheld, computed in the transaction that releases it; 0 before."""
    unclaimed_cents: Mapped[int] = mapped_column(Cents, default=0, server_default="0")
    """Of a reimbursement that was asked for: what the plan gives it and approved costs do not bear out; below zero
    where it takes up what an earlier one left. Amount and unclaimed are what the plan gives."""
    gates: Mapped[list[Any]] = mapped_column(info=impersonal)
    status: Mapped[TrancheStatus] = mapped_column(value_enum(TrancheStatus), default=TrancheStatus.PLANNED)
    status_at: Mapped[datetime]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    failed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who said last that the bank did not pay it, by hand or by a file: another person sends it again (P10)."""
    note: Mapped[str | None] = mapped_column(Text, info=personal("payment", export="file"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    grant: Mapped[Grant] = relationship()
    milestone: Mapped[Milestone | None] = relationship()
    requester: Mapped[Person | None] = relationship(foreign_keys=[requested_by], viewonly=True)
    verifier: Mapped[Person | None] = relationship(foreign_keys=[verified_by], viewonly=True)
    proposer: Mapped[Person | None] = relationship(foreign_keys=[proposed_by], viewonly=True)
    approver: Mapped[Person | None] = relationship(foreign_keys=[approved_by], viewonly=True)

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def awaits(self) -> Action | None:
        """The next act on the way to its release."""
        return NEXT_ACT.get(self.status)

    @property
    def net_cents(self) -> int:
        """What the recipient is paid."""
        return self.amount_cents - self.withheld_cents

    @property
    def planned_cents(self) -> int:
        """What the plan gives it."""
        return self.amount_cents + self.unclaimed_cents

    @property
    def is_released(self) -> bool:
        """Whether its money has left the award."""
        return self.status in RELEASED

    @property
    def vouched_by(self) -> UUID | None:
        """On whose word it goes to the bank: who approved it, or who said that it came back. Another sends it."""
        return self.failed_by or self.approved_by

    @property
    def may_go_back(self) -> bool:
        """Whether whoever acts next may send it back to the recipient."""
        return self.status in SEND_BACK.sources

    @property
    def may_be_taken_back(self) -> bool:
        """Whether its approval may be undone: no payment file was made of it."""
        return self.status in TAKE_BACK.sources


class PaymentOrder(Base):
    """A batch of payments, its files frozen and hashed; its message id is unique for ever. Append-only."""

    __tablename__ = "payment_order"
    __table_args__ = (
        CheckConstraint("total_cents > 0", name="total_positive"),
        CheckConstraint(
            "(exporter = 'sepa') = (xml_file_id IS NOT NULL) AND (exporter = 'list') = (xlsx_file_id IS NOT NULL)",
            name="files_of_its_exporter",
        ),
        holding(lazy_("Payment files")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(35), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    execution_on: Mapped[date]
    total_cents: Mapped[int] = mapped_column(Cents)
    exporter: Mapped[PaymentExporter] = mapped_column(
        value_enum(PaymentExporter), default=PaymentExporter.SEPA, server_default=PaymentExporter.SEPA.value
    )
    xml_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    xlsx_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    csv_file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)

    xml_file: Mapped[StoredFile | None] = relationship(foreign_keys=[xml_file_id])
    xlsx_file: Mapped[StoredFile | None] = relationship(foreign_keys=[xlsx_file_id])
    csv_file: Mapped[StoredFile] = relationship(foreign_keys=[csv_file_id])
    lines: Mapped[list["PaymentLine"]] = relationship(order_by="PaymentLine.id", back_populates="order")

    @property
    def files(self) -> dict[str, StoredFile]:
        """Its files by the end of their name, the one that is sent first."""
        found = {"xml": self.xml_file, "xlsx": self.xlsx_file, "csv": self.csv_file}
        return {kind: file for kind, file in found.items() if file is not None}

    @property
    def guard(self) -> Guard:
        """Finance of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)


class PaymentLine(Base):
    """One payment in a file; one live line for each tranche."""

    __tablename__ = "payment_line"
    __table_args__ = (
        Index("ix_payment_line_order_id", "order_id"),
        Index(
            "uq_payment_line_live",
            "tranche_id",
            unique=True,
            sqlite_where=text("failed_at IS NULL"),
            postgresql_where=text("failed_at IS NULL"),
        ),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("(failed_at IS NULL) = (failure IS NULL)", name="failed_with_a_reason"),
        holding(lazy_("Payments")),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("payment_order.id"))
    tranche_id: Mapped[UUID] = mapped_column(ForeignKey("tranche.id"))
    end_to_end_id: Mapped[str] = mapped_column(String(35), unique=True)
    amount_cents: Mapped[int] = mapped_column(Cents)
    iban: Mapped[str] = mapped_column(String(34), info=personal("payment"))
    holder: Mapped[str] = mapped_column(String(140), info=personal("payment"))
    paid_on: Mapped[date | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(300), info=personal("payment", export="file"))
    reason_code: Mapped[str | None] = mapped_column(String(4), info=impersonal)
    """The bank's code of why it failed (ISO 20022), which pages say in words."""

    order: Mapped[PaymentOrder] = relationship(back_populates="lines")
    tranche: Mapped[Tranche] = relationship()

    @property
    def why(self) -> str:
        """Why it failed, in the reader's language."""
        return in_words(self.reason_code, self.failure)

    @property
    def mended_by(self) -> object:
        """Whose mend it is, in words; nothing where the bank gave no code."""
        return MENDED_BY[mend_of(self.reason_code)] if self.reason_code in REASONS else ""

    @property
    def is_paid(self) -> bool:
        """Whether the bank paid it, and did not return it."""
        return self.failed_at is None and self.paid_on is not None

    @property
    def awaits_the_bank(self) -> bool:
        """Whether nobody has recorded yet what the bank said."""
        return self.failed_at is None and self.paid_on is None
