"""Recoveries, what each takes from which payment, its instalments, and the money that came back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.grants.models import EndAct, Grant
from portal.payments.closing.models import FinalAccount
from portal.payments.guarantees.models import Guarantee
from portal.payments.irregularities.models import Irregularity
from portal.payments.models import Tranche
from portal.payments.recoveries import interest
from portal.payments.recoveries.rules import LONGEST_REFERENCE, Payer, RecoverySource, RecoveryStatus

STANDS = text("status <> 'reversed'")
COUNTS = text("reversed_at IS NULL")


def _once(name: str, column: str) -> Index:
    return Index(name, column, unique=True, sqlite_where=STANDS, postgresql_where=STANDS)


class Recovery(Stateful, Base):
    """What a recipient has to return, by an act: principal, interest at rates frozen here, and the way back."""

    __tablename__ = "recovery"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        Index("ix_recovery_authority_id_status", "authority_id", "status"),
        _once("uq_recovery_end_act", "end_act_id"),
        _once("uq_recovery_irregularity", "irregularity_id"),
        _once("uq_recovery_final_account", "final_account_id"),
        CheckConstraint("principal_cents > 0 AND interest_cents >= 0", name="something_is_asked"),
        CheckConstraint(
            "returned_cents >= 0 AND returned_cents <= principal_cents + interest_cents", name="no_more_than_asked"
        ),
        CheckConstraint(
            "(status = 'settled') = (returned_cents = principal_cents + interest_cents)", name="settled_when_returned"
        ),
        CheckConstraint("status <> 'reversed' OR returned_cents = 0", name="reversed_before_money"),
        CheckConstraint("(status = 'reversed') = (reversed_reason IS NOT NULL)", name="reversed_with_a_reason"),
        CheckConstraint("(source = 'end_act') = (end_act_id IS NOT NULL)", name="follows_from_its_act"),
        CheckConstraint("(source = 'irregularity') = (irregularity_id IS NOT NULL)", name="follows_from_its_fault"),
        CheckConstraint("(source = 'final_account') = (final_account_id IS NOT NULL)", name="follows_from_its_account"),
        holding(lazy_("Recoveries")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"), index=True)
    number: Mapped[int]
    source: Mapped[RecoverySource] = mapped_column(value_enum(RecoverySource))
    end_act_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant_end.id"))
    irregularity_id: Mapped[UUID | None] = mapped_column(ForeignKey("irregularity.id"))
    final_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("final_account.id"))
    principal_cents: Mapped[int] = mapped_column(Cents)
    interest_cents: Mapped[int] = mapped_column(Cents)
    returned_cents: Mapped[int] = mapped_column(Cents, default=0, server_default="0")
    rates: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    """Basis points a year, by year of the days that were counted; of one rate for all, under `fixed`."""
    act_number: Mapped[str] = mapped_column(String(80), info=impersonal)
    act_date: Mapped[date]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("payment", subject="decided_by", erasure=kept(Because.PROCEDURE))
    )
    decided_on: Mapped[date]
    """Up to this day interest ran on each payment."""
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime]
    status: Mapped[RecoveryStatus] = mapped_column(value_enum(RecoveryStatus), default=RecoveryStatus.DECIDED)
    status_at: Mapped[datetime]
    reversed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    reversed_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("payment", subject="reversed_by", erasure=kept(Because.PROCEDURE))
    )
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    grant: Mapped[Grant] = relationship()
    end_act: Mapped[EndAct | None] = relationship()
    irregularity: Mapped[Irregularity | None] = relationship()
    final_account: Mapped[FinalAccount | None] = relationship()
    decider: Mapped[Person] = relationship(foreign_keys=[decided_by], viewonly=True)
    parts: Mapped[list["RecoveryPart"]] = relationship(order_by="RecoveryPart.paid_on.desc()")
    instalments: Mapped[list["RecoveryInstalment"]] = relationship(order_by="RecoveryInstalment.number")
    receipts: Mapped[list["RecoveryReceipt"]] = relationship(order_by="RecoveryReceipt.id", back_populates="recovery")

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def asked_cents(self) -> int:
        """Principal and interest."""
        return self.principal_cents + self.interest_cents

    @property
    def open_cents(self) -> int:
        """What is still to come."""
        return 0 if self.status is RecoveryStatus.REVERSED else self.asked_cents - self.returned_cents

    @property
    def is_open(self) -> bool:
        """Whether money is still to come."""
        return self.status is RecoveryStatus.DECIDED

    @property
    def plan(self) -> list[interest.Instalment]:
        """Its instalments, as the rules know them."""
        return [interest.Instalment(e.number, e.due_on, e.principal_cents, e.interest_cents) for e in self.instalments]

    @property
    def standing_receipts(self) -> list["RecoveryReceipt"]:
        """The money that came back and was not taken out again."""
        return [each for each in self.receipts if each.counts]


class RecoveryPart(Base):
    """What a recovery takes from one payment. Append-only."""

    __tablename__ = "recovery_part"
    __table_args__ = (
        UniqueConstraint("recovery_id", "tranche_id"),
        CheckConstraint("cents > 0 AND interest_cents >= 0", name="amounts"),
        holding(lazy_("Recoveries")),
    )

    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.id"))
    tranche_id: Mapped[UUID] = mapped_column(ForeignKey("tranche.id"), index=True)
    cents: Mapped[int] = mapped_column(Cents)
    paid_on: Mapped[date]
    interest_cents: Mapped[int] = mapped_column(Cents)
    """From the day it was paid to the day of the decision."""

    tranche: Mapped[Tranche] = relationship()


class RecoveryInstalment(Base):
    """One part of the way back. Append-only."""

    __tablename__ = "recovery_instalment"
    __table_args__ = (
        UniqueConstraint("recovery_id", "number"),
        CheckConstraint("principal_cents >= 0 AND interest_cents >= 0", name="amounts"),
        Index("ix_recovery_instalment_due_on", "due_on"),
        holding(lazy_("Recoveries")),
    )

    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    principal_cents: Mapped[int] = mapped_column(Cents)
    interest_cents: Mapped[int] = mapped_column(Cents)
    until_here_cents: Mapped[int] = mapped_column(Cents)
    """All that is due up to this one, with it: it is open while less came back."""


class RecoveryReceipt(Base):
    """Money that came back; corrected by a reversal, never by another figure."""

    __tablename__ = "recovery_receipt"
    __table_args__ = (
        Index("uq_recovery_receipt_reference", "authority_id", "reference", unique=True, sqlite_where=COUNTS,
              postgresql_where=COUNTS),
        Index("ix_recovery_receipt_recovery_id", "recovery_id"),
        CheckConstraint("cents > 0 AND restored_cents BETWEEN 0 AND cents", name="amounts"),
        CheckConstraint("(payer = 'guarantor') = (guarantee_id IS NOT NULL)", name="paid_by_a_guarantor"),
        CheckConstraint(
            "(reversed_at IS NULL) = (reversed_reason IS NULL) AND (reversed_at IS NULL) = (reversed_by IS NULL)",
            name="reversed_with_a_reason",
        ),
        holding(lazy_("Money that came back")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recovery.id"))
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE), info=impersonal)
    received_on: Mapped[date]
    cents: Mapped[int] = mapped_column(Cents)
    restored_cents: Mapped[int] = mapped_column(Cents)
    """The principal in it, which went back to the budget line."""
    payer: Mapped[Payer] = mapped_column(value_enum(Payer))
    guarantee_id: Mapped[UUID | None] = mapped_column(ForeignKey("guarantee.id"), index=True)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    reversed_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("payment", subject="reversed_by", erasure=kept(Because.PROCEDURE))
    )

    recovery: Mapped[Recovery] = relationship(back_populates="receipts")
    guarantee: Mapped[Guarantee | None] = relationship()
    recorder: Mapped[Person] = relationship(foreign_keys=[recorded_by], viewonly=True)

    @property
    def guard(self) -> Guard:
        """As its recovery."""
        return self.recovery.guard

    @property
    def counts(self) -> bool:
        """Whether nobody has taken it out again."""
        return self.reversed_at is None
