"""A drill: money is moved by two people at the same moment. `python -m benchmarks.drill_ledger [PAIRS]`

PAIRS (500) of each: two approvals of one tranche, two transfers that cross between two accounts, two awards of the
last cents of a budget, two reversals of one entry. In the end: of two approvals, payments and reversals exactly one
had its effect, crossing transfers both; no deadlock was met, and the checkers of ledger and payments find nothing.
A fresh SQLite file; `BENCH_DATABASE_URL` names an empty PostgreSQL database instead. Ends with 1 when it fails.
"""

import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.app import create_app
from portal.core.actor import SYSTEM, Actor
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.db import database
from portal.ledger import checks
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import reverse, transfer
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments import checks as payment_checks
from portal.payments import operations
from tests.factories.base import make_staff
from tests.factories.ledger import open_an_account
from tests.factories.payments import make_finance
from tests.factories.racing import at_once, many_proposed

PAIRS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
ONE_OF_TWO, BOTH = "one of two", "done, done"
Act = Callable[[Session], object]


def approving(tranche: UUID, actor: Actor) -> Act:
    """Approve the version seen."""
    return lambda session: operations.approve_tranche(
        session, tranche_id=tranche, version_seen=1, actor=actor, now=now()
    )


def moving(debit: UUID, credit: UUID, cents: int) -> Act:
    """Move money between two accounts."""

    def act(session: Session) -> None:
        into, out = session.get_one(Account, debit), session.get_one(Account, credit)
        transfer(session, debit=into, credit=out, amount_cents=cents, posting=PostingKind.AWARDED, subject=into,
                 actor=SYSTEM, now=now())  # fmt: skip

    return act


def reversing(entry_id: UUID) -> Act:
    """Undo one entry."""
    return lambda session: reverse(session, entry=session.get_one(LedgerEntry, entry_id), actor=SYSTEM, now=now())


def run(app: Flask, name: str, pairs: Sequence[tuple[Act, Act]], expected: str) -> bool:
    """Every pair at once; whether each met what was expected."""
    began, met = time.perf_counter(), Counter[str]()
    for pair in pairs:
        told = at_once(app, *pair)
        met[ONE_OF_TWO if sorted(each == "done" for each in told) == [False, True] else ", ".join(told)] += 1
    took = time.perf_counter() - began
    print(f"    {name:44} {dict(met)}   {took:.1f} s", flush=True)
    return met == {expected: len(pairs)}


def prepared(at: datetime) -> tuple[list[UUID], list[Actor], list[UUID]]:
    """Tranches to approve, two checkers, and two accounts with money."""
    with Session(database.engine) as session:
        finance = make_finance(session, now=at, awarded_cents=2_000_000)
        tranches = many_proposed(finance, PAIRS)
        authority = finance.world.authority
        people = [finance.checker, make_staff(session, authority, Role.FINANCE_APPROVER, now=at)]
        kinds = (AccountKind.FUND, AccountKind.BUDGET, AccountKind.AWARD)
        fund, *accounts = (open_an_account(session, authority.id, kind, at) for kind in kinds)
        for account in accounts:
            moving(account.id, fund.id, 10_000)(session)
        session.commit()
        return tranches, [finance.actor(each) for each in people], [account.id for account in accounts]


def last_cents(app: Flask, one: UUID, other: UUID) -> bool:
    """Two people spend the whole of a budget; it is filled again for the next two."""
    with Session(database.engine) as session:
        whole = session.get_one(Account, one).balance_cents
    spend = moving(other, one, whole)
    good, began = 0, time.perf_counter()
    for _pair in range(PAIRS):
        good += at_once(app, spend, spend) == ["NotEnough", "done"]
        at_once(app, moving(one, other, whole))
    print(f"    {'the last cents of a budget':44} {good} of {PAIRS}   {time.perf_counter() - began:.1f} s", flush=True)
    return good == PAIRS


def drill(app: Flask) -> bool:
    """All of it, then what the checkers say."""
    tranches, (first, second), (one, other) = prepared(now())
    passed = [
        run(
            app, "approvals of one tranche", [(approving(t, first), approving(t, second)) for t in tranches], ONE_OF_TWO
        ),
        run(app, "transfers that cross", [(moving(one, other, 7), moving(other, one, 7))] * PAIRS, BOTH),
        last_cents(app, one, other),
    ]
    with Session(database.engine) as session:
        query = select(LedgerEntry.id).where(LedgerEntry.amount_cents == 7, LedgerEntry.debit_id == one)
        entries = list(session.scalars(query.limit(PAIRS)))
    passed.append(run(app, "reversals of one entry", [(reversing(key),) * 2 for key in entries], ONE_OF_TWO))
    with Session(database.engine) as session:
        released = LedgerEntry.posting == PostingKind.RELEASE_APPROVED
        released_once = session.scalar(select(func.count(LedgerEntry.id)).where(released)) == PAIRS
        told = [*checks.broken(session), *payment_checks.broken(session)]
        deadlocks = _deadlocks(session)
    print(f"    released once each: {released_once}   deadlocks: {deadlocks}   {told or 'nothing is broken'}")
    return all(passed) and released_once and not told and deadlocks == 0


def _deadlocks(session: Session) -> int:
    """How many the engine counted; SQLite has one writer at a time."""
    if session.get_bind().dialect.name == "sqlite":
        return 0
    query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(session.scalar(query) or 0)


def main() -> int:
    """An application with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'drill.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
            print(f"{PAIRS} pairs, {database.engine.name}, load {os.getloadavg()[0]:.1f}")
            return 0 if drill(app) else 1


if __name__ == "__main__":
    sys.exit(main())
