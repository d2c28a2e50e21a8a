"""Reading the trial balance: from the balances that are kept, or those a month closed with; never from entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.ledger.models import Account
from portal.ledger.periods.models import AccountingPeriod, PeriodBalance
from portal.ledger.rules import AccountKind

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class KindLine:
    """All accounts of one kind: how many, and what stands on their two sides, in cents."""

    kind: AccountKind
    accounts: int
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account; `balance_cents` is positive on the debit side, where money that came in stands."""

    account_id: UUID
    kind: AccountKind
    name: str
    balance_cents: int

    @property
    def debit_cents(self) -> int:
        """What stands on the side of debits."""
        return max(self.balance_cents, 0)

    @property
    def credit_cents(self) -> int:
        """What stands on the side of credits."""
        return max(-self.balance_cents, 0)


def lines_by_kind(session: Session, authority_id: UUID, period: AccountingPeriod | None = None) -> list[KindLine]:
    """One line for each kind that has accounts, in the order in which money travels. One statement."""
    cents = _cents(period)
    debit = func.sum(case((cents > 0, cents), else_=0))
    credit = func.sum(case((cents < 0, -cents), else_=0))
    query = _from(select(Account.kind, func.count(Account.id), debit, credit), authority_id, period)
    found = {row[0]: row for row in session.execute(query.group_by(Account.kind))}
    return [
        KindLine(kind, int(row[1]), int(row[2]), int(row[3]))
        for kind in AccountKind
        if (row := found.get(kind)) is not None
    ]


def accounts_of_kind(
    session: Session,
    authority_id: UUID,
    kind: AccountKind,
    period: AccountingPeriod | None = None,
    *,
    after: UUID | None = None,
) -> list[AccountLine]:
    """Accounts of a kind by name, one page (and one row more) from `after` on."""
    query = _accounts(authority_id, period).where(Account.kind == kind).order_by(Account.name, Account.id)
    if after is not None:
        last = select(Account.name).where(Account.id == after).scalar_subquery()
        query = query.where(or_(Account.name > last, and_(Account.name == last, Account.id > after)))
    return [AccountLine(*row) for row in session.execute(query.limit(MOST_ROWS + 1))]


def every_account(
    session: Session, authority_id: UUID, period: AccountingPeriod | None = None
) -> Iterator[AccountLine]:
    """All accounts by kind and name, read a thousand at a time."""
    query = _accounts(authority_id, period).order_by(Account.kind, Account.name, Account.id)
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield AccountLine(*row)


def _accounts(authority_id: UUID, period: AccountingPeriod | None) -> Any:
    return _from(select(Account.id, Account.kind, Account.name, _cents(period)), authority_id, period)


def _cents(period: AccountingPeriod | None) -> InstrumentedAttribute[int]:
    return PeriodBalance.balance_cents if period else Account.balance_cents


def _from(query: Any, authority_id: UUID, period: AccountingPeriod | None) -> Any:
    query = query.where(Account.authority_id == authority_id)
    if period is None:
        return query
    return query.join(PeriodBalance, PeriodBalance.account_id == Account.id).where(PeriodBalance.period_id == period.id)
