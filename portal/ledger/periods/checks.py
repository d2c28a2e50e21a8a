"""Closed months, recomputed from entries: balances, what moved, how many entries, the seals one upon the other."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.periods.models import AccountingPeriod, PeriodBalance
from portal.ledger.periods.queries import Movements, moved_within
from portal.ledger.periods.rules import Moved, fingerprint


def broken(session: Session) -> Iterator[str]:
    """One line for each closed month whose figures its entries do not tell."""
    authorities = select(AccountingPeriod.authority_id).distinct().order_by(AccountingPeriod.authority_id)
    for authority_id in session.scalars(authorities).all():
        yield from _of_one(session, authority_id)


def _of_one(session: Session, authority_id: UUID) -> Iterator[str]:
    """Months in their order: what the entries of each add to the balances of the one before."""
    query = select(AccountingPeriod).where(AccountingPeriod.authority_id == authority_id)
    balances: dict[UUID, int] = defaultdict(int)
    since: datetime | None = None
    seal = ""
    for period in session.scalars(query.order_by(AccountingPeriod.ends_at)).all():
        name = f"ledger: the month {period.year}-{period.month:02d} of {authority_id}"
        moved = moved_within(session, authority_id, since, period.ends_at)
        told = _told(moved, balances)
        kept = _kept(session, period.id)
        if told != kept:
            yield f"{name} closed with {_first(kept, told)}, its entries tell {_first(told, kept)}"
        if (moved.entries, moved.moved_cents) != (period.entries, period.moved_cents):
            yield f"{name} counts {period.entries} entries of {period.moved_cents} cents: they are others"
        if fingerprint(seal, kept) != period.sha256:
            yield f"{name} is not what was sealed"
        if sum(row.balance_cents for row in kept) != 0:
            yield f"{name} is out of balance"
        since, seal = period.ends_at, period.sha256


def _told(moved: Movements, balances: dict[UUID, int]) -> list[Moved]:
    entered, left = moved.entered, moved.left
    for sums, sign in ((entered, 1), (left, -1)):
        for account_id, cents in sums.items():
            balances[account_id] += sign * cents
    rows = (Moved(key, entered.get(key, 0), left.get(key, 0), balances[key]) for key in sorted(balances))
    return [row for row in rows if any(row[1:])]


def _kept(session: Session, period_id: UUID) -> list[Moved]:
    query = select(
        PeriodBalance.account_id, PeriodBalance.debit_cents, PeriodBalance.credit_cents, PeriodBalance.balance_cents
    )
    rows = session.execute(query.where(PeriodBalance.period_id == period_id).order_by(PeriodBalance.account_id))
    return [Moved(*row) for row in rows]


def _first(rows: list[Moved], others: list[Moved]) -> Moved | None:
    """The first row that the others do not have."""
    known = set(others)
    return next((row for row in rows if row not in known), None)
