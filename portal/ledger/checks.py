"""Invariants of the ledger, recomputed from entries (P6, P8)."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.ledger.models import Account, LedgerEntry
from portal.ledger.periods.queries import BEGINNING, END
from portal.ledger.rules import MAY_GO_BELOW_ZERO


def broken(session: Session) -> Iterator[str]:
    """One line for each account whose kept balance differs from its entries or is below zero, and each bad entry."""
    sums = _sums(session)
    query = select(Account.id, Account.name, Account.kind, Account.balance_cents).order_by(Account.id)
    for account_id, name, kind, kept in session.execute(query):
        told = sums.get(account_id, 0)
        if kept != told:
            yield f"ledger: account {name} keeps {kept} but its entries sum to {told}"
        if kept < 0 and kind not in MAY_GO_BELOW_ZERO:
            yield f"ledger: account {name} is below zero"
    if sum(sums.values()) != 0:
        yield "ledger: debits and credits differ"
    yield from _reversals(session)
    yield from _across(session)


def _sums(session: Session) -> dict[UUID, int]:
    """By account; the condition makes the engine read the index that holds all of it, not every row."""
    sums: dict[UUID, int] = defaultdict(int)
    ever = (LedgerEntry.at >= BEGINNING, LedgerEntry.at < END)
    for column, sign in ((LedgerEntry.debit_id, 1), (LedgerEntry.credit_id, -1)):
        query = select(column, func.sum(LedgerEntry.amount_cents)).where(*ever).group_by(column)
        for account_id, cents in session.execute(query):
            sums[account_id] += sign * int(cents)
    return sums


def _reversals(session: Session) -> Iterator[str]:
    """A reversal is the mirror of its entry."""
    entry = aliased(LedgerEntry)
    differs = or_(
        entry.debit_id != LedgerEntry.credit_id,
        entry.credit_id != LedgerEntry.debit_id,
        entry.amount_cents != LedgerEntry.amount_cents,
    )
    query = select(LedgerEntry.id).join(entry, entry.id == LedgerEntry.reverses_id).where(differs)
    for entry_id in session.scalars(query.order_by(LedgerEntry.id)):
        yield f"ledger: entry {entry_id} is not the mirror of what it reverses"


def _across(session: Session) -> Iterator[str]:
    """Money never crosses from the books of one authority into those of another."""
    debit, credit = aliased(Account), aliased(Account)
    query = (
        select(LedgerEntry.id)
        .join(debit, debit.id == LedgerEntry.debit_id)
        .join(credit, credit.id == LedgerEntry.credit_id)
        .where(debit.authority_id != credit.authority_id)
    )
    for entry_id in session.scalars(query.order_by(LedgerEntry.id)):
        yield f"ledger: entry {entry_id} moves money between two authorities"
