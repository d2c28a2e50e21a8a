"""Invariants of the ledger, recomputed from entries (P6, P8)."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.models import Account, LedgerEntry
from portal.ledger.rules import MAY_GO_BELOW_ZERO


def broken(session: Session) -> Iterator[str]:
    """One line for each account whose kept balance differs from its entries, or is below zero."""
    sums: dict[UUID, int] = defaultdict(int)
    for column, sign in ((LedgerEntry.debit_id, 1), (LedgerEntry.credit_id, -1)):
        for account_id, cents in session.execute(select(column, func.sum(LedgerEntry.amount_cents)).group_by(column)):
            sums[account_id] += sign * int(cents)
    for account in session.scalars(select(Account).order_by(Account.id)):
        told = sums.get(account.id, 0)
        if account.balance_cents != told:
            yield f"ledger: account {account.name} keeps {account.balance_cents} but its entries sum to {told}"
        if account.balance_cents < 0 and account.kind not in MAY_GO_BELOW_ZERO:
            yield f"ledger: account {account.name} is below zero"
    if sum(sums.values()) != 0:
        yield "ledger: debits and credits differ"
