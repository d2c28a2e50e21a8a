"""Closed months and the balances they closed with. Append-only: a closed month is never opened again."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority, Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents
from portal.core.i18n import lazy_
from portal.core.privacy import holding


class AccountingPeriod(Base):
    """A closed month of one authority: no entry before `ends_at` is taken any more, which a trigger guards."""

    __tablename__ = "accounting_period"
    __table_args__ = (
        UniqueConstraint("authority_id", "year", "month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month_of_the_year"),
        CheckConstraint("closed_at >= ends_at", name="closed_once_over"),
        CheckConstraint("entries >= 0 AND moved_cents >= 0", name="counted"),
        CheckConstraint("length(sha256) = 64", name="sealed"),
        holding(lazy_("Closed months of the ledger")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    year: Mapped[int]
    month: Mapped[int]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    entries: Mapped[int]
    moved_cents: Mapped[int] = mapped_column(Cents)
    sha256: Mapped[str] = mapped_column(String(64))

    authority: Mapped[Authority] = relationship(viewonly=True)
    closer: Mapped[Person | None] = relationship(viewonly=True)

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def guard(self) -> Guard:
        """Staff of the authority whose books they are."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)


class PeriodBalance(Base):
    """One account at the end of a closed month, and what moved on it within the month."""

    __tablename__ = "period_balance"
    __table_args__ = (
        UniqueConstraint("period_id", "account_id"),
        CheckConstraint("debit_cents >= 0 AND credit_cents >= 0", name="moved_not_negative"),
    )

    period_id: Mapped[UUID] = mapped_column(ForeignKey("accounting_period.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    debit_cents: Mapped[int] = mapped_column(Cents)
    credit_cents: Mapped[int] = mapped_column(Cents)
    balance_cents: Mapped[int] = mapped_column(Cents)
