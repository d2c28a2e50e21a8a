"""Accounts and entries. One entry is a debit and a credit of the same amount: nothing can be out of balance."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal
from portal.ledger.rules import AccountKind, PostingKind


class Account(Base):
    """One account of an authority. `balance_cents` is kept by a trigger on entries, never by the application."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("kind", "owner_id"),
        Index("ix_ledger_account_authority_id", "authority_id"),
        CheckConstraint("kind IN ('fund', 'interest') OR balance_cents >= 0", name="balance_not_negative"),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[AccountKind] = mapped_column(value_enum(AccountKind))
    owner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200), info=impersonal)
    opened_at: Mapped[datetime]
    balance_cents: Mapped[int] = mapped_column(Cents, default=0)


class LedgerEntry(Base):
    """`amount_cents` leaves the credited account and enters the debited one. Append-only; mended by a reversal."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        Index("ix_ledger_entry_debit_id", "debit_id"),
        Index("ix_ledger_entry_credit_id", "credit_id"),
        Index("ix_ledger_entry_subject_id", "subject_id"),
        Index("ix_ledger_entry_at", "at", "debit_id", "credit_id", "amount_cents"),
        holding(lazy_("Ledger entries")),
    )

    at: Mapped[datetime]
    posting: Mapped[PostingKind] = mapped_column(value_enum(PostingKind))
    debit_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"))
    credit_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"))
    amount_cents: Mapped[int] = mapped_column(Cents)
    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)

    debit: Mapped[Account] = relationship(foreign_keys=[debit_id])
    credit: Mapped[Account] = relationship(foreign_keys=[credit_id])
    reverses: Mapped["LedgerEntry | None"] = relationship(
        remote_side="LedgerEntry.id", back_populates="reversed_by", viewonly=True
    )
    reversed_by: Mapped["LedgerEntry | None"] = relationship(back_populates="reverses", viewonly=True)

    @property
    def guard(self) -> Guard:
        """Staff of the authority whose money it is."""
        return Guard(authority_id=self.debit.authority_id)
