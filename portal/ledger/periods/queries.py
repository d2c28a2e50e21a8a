"""Reading closed months: until when the books are closed, which month is next, what accounts held at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portal.access.models import Authority
from portal.core.errors import NotFound
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.periods.models import AccountingPeriod, PeriodBalance
from portal.ledger.periods.rules import BookMonth, Moved

BEGINNING, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def hold_books(session: Session, authority_id: UUID) -> None:
    """Keep the books of an authority as they are until the transaction ends: no month is closed meanwhile.

    The weakest lock: those who book wait for nobody but whoever closes a month, who waits for all of them. A stronger
    one would wait for a file of the bank that is being taken in, which in turn waits for what the first has locked.
    """
    held = select(Authority.id).where(Authority.id == authority_id)
    session.execute(held.with_for_update(read=True, key_share=True))


def books_to_close(session: Session, authority_id: UUID) -> Authority:
    """An authority whose books nobody writes in until the transaction ends; or NotFound."""
    found = session.scalars(select(Authority).where(Authority.id == authority_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def closed_until(session: Session, authority_id: UUID) -> datetime | None:
    """The instant before which nothing is booked any more, if any month is closed."""
    query = select(func.max(AccountingPeriod.ends_at)).where(AccountingPeriod.authority_id == authority_id)
    return session.scalar(query)


def last_closed(session: Session, authority_id: UUID) -> AccountingPeriod | None:
    """The month closed last."""
    query = select(AccountingPeriod).where(AccountingPeriod.authority_id == authority_id)
    return session.scalars(query.order_by(AccountingPeriod.ends_at.desc()).limit(1)).first()


def closed_periods(session: Session, authorities: Sequence[UUID]) -> Sequence[AccountingPeriod]:
    """The closed months of these authorities, newest first."""
    query = select(AccountingPeriod).where(AccountingPeriod.authority_id.in_(authorities))
    query = query.options(joinedload(AccountingPeriod.closer))
    return session.scalars(query.order_by(AccountingPeriod.ends_at.desc(), AccountingPeriod.id)).all()


def month_to_close(session: Session, authority_id: UUID, until: datetime | None) -> BookMonth | None:
    """The month after what is closed (`until`); before any, that of the first entry; None while nothing was booked."""
    if until is not None:
        return BookMonth.of(until)
    mine = select(Account.id).where(Account.authority_id == authority_id)
    first = session.scalar(select(func.min(LedgerEntry.at)).where(LedgerEntry.debit_id.in_(mine)))
    return BookMonth.of(first) if first else None


@dataclass(frozen=True, slots=True)
class Movements:
    """Cents that entered and that left each account within a while, and how many entries moved them."""

    entered: dict[UUID, int]
    left: dict[UUID, int]
    entries: int

    @property
    def moved_cents(self) -> int:
        """What all entries moved."""
        return sum(self.entered.values())


def moved_within(session: Session, authority_id: UUID, since: datetime | None, until: datetime) -> Movements:
    """What moved on the accounts of an authority from `since` until just before `until`. Two statements.

    Entries are summed before their accounts are looked up: an index holds all that is summed.
    """
    debits = _summed(session, LedgerEntry.debit_id, authority_id, since, until)
    credits_ = _summed(session, LedgerEntry.credit_id, authority_id, since, until)
    return Movements(
        entered={account: cents for account, cents, _count in debits},
        left={account: cents for account, cents, _count in credits_},
        entries=sum(count for _account, _cents, count in debits),
    )


def _summed(
    session: Session, column: InstrumentedAttribute[UUID], authority_id: UUID, since: datetime | None,
    until: datetime,
) -> list[tuple[UUID, int, int]]:  # fmt: skip
    within = (LedgerEntry.at >= (since or BEGINNING), LedgerEntry.at < until)
    sums = select(column.label("account"), func.sum(LedgerEntry.amount_cents).label("cents"), func.count().label("n"))
    grouped = sums.where(*within).group_by(column).subquery()
    query = select(grouped).join(Account, Account.id == grouped.c.account).where(Account.authority_id == authority_id)
    return [(account, int(cents), int(count)) for account, cents, count in session.execute(query)]


def balances_at_the_end(session: Session, last: AccountingPeriod | None, moved: Movements) -> list[Moved]:
    """Each account that moved within the month or holds something at its end, in the order of keys.

    The balances of the month closed last, and what was booked since: a month costs its own entries alone.
    """
    entered, left = moved.entered, moved.left
    balances = _kept(session, last.id) if last else {}
    rows = (
        Moved(key, entered.get(key, 0), left.get(key, 0), balances.get(key, 0) + entered.get(key, 0) - left.get(key, 0))
        for key in sorted({*balances, *entered, *left})
    )
    return [row for row in rows if any(row[1:])]


def _kept(session: Session, period_id: UUID) -> dict[UUID, int]:
    query = select(PeriodBalance.account_id, PeriodBalance.balance_cents).where(PeriodBalance.period_id == period_id)
    return {account: int(cents) for account, cents in session.execute(query)}


@dataclass(frozen=True, slots=True)
class DueMonth:
    """The month that is closed next: whether it is over, what it holds."""

    month: BookMonth
    is_over: bool
    entries: int
    moved_cents: int


def next_month(session: Session, authority_id: UUID, until: datetime | None, now: datetime) -> DueMonth | None:
    """The month to close after what is closed (`until`), and what it holds so far; None while nothing was booked."""
    month = month_to_close(session, authority_id, until)
    if month is None:
        return None
    moved = moved_within(session, authority_id, until, month.ends_at)
    return DueMonth(month, month.ends_at <= now, moved.entries, moved.moved_cents)
