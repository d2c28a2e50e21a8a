"""How long a million entries take to read: python -m benchmarks.ledger [entries]

20 000 awards of twenty budgets, each released, paid, returned and paid again over two years. Timed, wall and processor:
the trial balance (its figures, the page, the workbook of all accounts), closing a month, the trial balance of a closed
month, and what `portal check` recomputes of the ledger from entries. A fresh SQLite file; `BENCH_DATABASE_URL` names an
empty PostgreSQL database instead. Figures are printed, never asserted: they belong to the machine.
"""

import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.orm import Session

from portal.access.models import Authority, Person
from portal.access.operations.signing_in import sign_in
from portal.access.policy import Role
from portal.app import create_app
from portal.core.clock import now
from portal.core.collector import settle
from portal.core.config import Settings
from portal.core.db import database, new_id
from portal.core.db.guards import triggers_set_aside
from portal.ledger import checks
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.periods import checks as period_checks
from portal.ledger.periods.operations import close_month
from portal.ledger.periods.queries import closed_periods, closed_until, month_to_close
from portal.ledger.rules import AccountKind, PostingKind
from portal.ledger.trial.queries import accounts_of_kind, lines_by_kind
from tests.factories.base import as_actor, make_authority, make_staff

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
A_GRANT, LINES, MONTHS, CLOSED, UNIT = 50, 20, 24, 3, 1_000
K, P = AccountKind, PostingKind
ROUND = ((K.PAYABLE, K.AWARD, P.RELEASE_APPROVED), (K.PAID, K.PAYABLE, P.PAYMENT_RECORDED),
         (K.PAYABLE, K.PAID, P.PAYMENT_RETURNED), (K.PAID, K.PAYABLE, P.PAYMENT_RECORDED))  # fmt: skip
Accounts = list[dict[K, UUID]]


def accounts(session: Session, authority_id: UUID, at: datetime) -> tuple[Accounts, Accounts]:
    """Budgets with their fund, and the accounts of every grant."""
    rows: list[dict[str, Any]] = []

    def opened(kind: K, name: str) -> UUID:
        rows.append({"id": new_id(), "authority_id": authority_id, "kind": kind, "owner_id": new_id(),
                     "name": f"{kind.value} {name}", "opened_at": at, "balance_cents": 0})  # fmt: skip
        key: UUID = rows[-1]["id"]
        return key

    fund = opened(K.FUND, "banco")
    lines = [{K.FUND: fund, K.BUDGET: opened(K.BUDGET, f"linea-{number}")} for number in range(LINES)]
    grants = [
        {kind: opened(kind, f"VIV-2024-{number:06}") for kind in (K.AWARD, K.PAYABLE, K.PAID)}
        for number in range(max(1, ENTRIES // A_GRANT))
    ]
    session.execute(insert(Account), rows)
    return lines, grants


def entries(lines: Accounts, grants: Accounts, authority_id: UUID, at: datetime) -> Iterator[dict[str, Any]]:
    """Budgets opened, then each grant awarded and moved round after round, month after month."""
    begun, step = at - timedelta(days=31 * MONTHS), timedelta(days=31 * MONTHS) / A_GRANT

    def booked(debit: UUID, credit: UUID, why: P, cents: int, when: datetime) -> dict[str, Any]:
        return {"id": new_id(), "at": when, "posting": why, "debit_id": debit, "credit_id": credit,
                "amount_cents": cents, "subject_type": "authority", "subject_id": authority_id}  # fmt: skip

    for line in lines:
        yield booked(line[K.BUDGET], line[K.FUND], P.BUDGET_OPENED, len(grants) * A_GRANT * UNIT, begun)
    for number, grant in enumerate(grants):
        budget = lines[number % LINES][K.BUDGET]
        yield booked(grant[K.AWARD], budget, P.AWARDED, A_GRANT * UNIT, begun)
        for turn in range(1, A_GRANT):
            debit, credit, why = ROUND[(turn - 1) % 4]
            yield booked(grant[debit], grant[credit], why, UNIT, begun + step * turn + timedelta(seconds=number % 3600))


def fill(session: Session, authority_id: UUID, at: datetime) -> int:
    """All of it, with the guards set aside and the balances that they would have kept."""
    connection, kept, count = session.connection(), Counter[UUID](), 0
    lines, grants = accounts(session, authority_id, at)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
    with triggers_set_aside(connection):
        booked = entries(lines, grants, authority_id, at)
        while part := list(islice(booked, 20_000)):
            connection.execute(insert(LedgerEntry.__table__), part)  # type: ignore[arg-type]
            count += len(part)
            for entry in part:
                kept[entry["debit_id"]] += entry["amount_cents"]
                kept[entry["credit_id"]] -= entry["amount_cents"]
        table = Account.__table__
        balance = update(table).where(table.c.id == bindparam("key")).values(balance_cents=bindparam("cents"))  # type: ignore[arg-type]
        connection.execute(balance, [{"key": key, "cents": cents} for key, cents in kept.items()])
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = DEFAULT"))
    return count


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """A browser of this person."""
    with Session(database.engine) as session:
        who = session.get_one(Person, person.id)
        token, _ = sign_in(session, person=who, user_agent="", now=now(), strong=True)
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["whose"] = token, str(person.id)
    return client


@contextmanager
def clocked(name: str, budget: float | None = None) -> Iterator[None]:
    """Print what it took."""
    began, worked = time.perf_counter(), time.process_time()
    yield
    wall, busy = time.perf_counter() - began, time.process_time() - worked
    limit = f"   budget {budget:.0f} s" if budget else ""
    print(f"    {name:44} wall {wall:6.2f} s   processor {busy:6.2f} s{limit}", flush=True)


def show(app: Flask, authority: Authority, closer: Person, at: datetime) -> None:
    """Read the books in every way they are read."""
    with Session(database.engine) as session:
        with clocked("trial balance, figures", 1):
            lines = lines_by_kind(session, authority.id)
            accounts_of_kind(session, authority.id, K.AWARD)
        assert sum(line.debit_cents - line.credit_cents for line in lines) == 0
    client = signed_in(app, closer)
    with clocked("trial balance, page", 1):
        assert client.get("/finance/trial-balance?kind=award").status_code == 200
    with clocked("trial balance, workbook of all accounts"):
        size = len(client.get("/finance/trial-balance/table").get_data())
    print(f"    {size / 1e6:.1f} MB")
    for number in range(CLOSED):
        with clocked(f"closing month {number + 1}"), Session(database.engine) as session:
            month = month_to_close(session, authority.id, closed_until(session, authority.id))
            assert month is not None
            close_month(
                session, authority_id=authority.id, month=month, actor=as_actor(session, closer, now=at), now=at
            )
            session.commit()
    with Session(database.engine) as session:
        with clocked("trial balance of a closed month", 1):
            lines_by_kind(session, authority.id, closed_periods(session, [authority.id])[0])
        with clocked("portal check, balances from entries", 60):
            told = list(checks.broken(session))
        with clocked("portal check, closed months from entries", 60):
            told += period_checks.broken(session)
    print(f"    {told or 'nothing is broken'}")


def main() -> None:
    """An application with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
            with Session(database.engine, expire_on_commit=False) as session:
                authority = make_authority(session)
                closer = make_staff(session, authority, Role.FINANCE_APPROVER, now=now())
                session.flush()
                count = fill(session, authority.id, now())
                session.commit()
            if database.engine.name == "postgresql":
                with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("VACUUM ANALYZE"))
            settle()  # as the server does
            print(f"{count} entries, {database.engine.name}, load {os.getloadavg()[0]:.1f}")
            show(app, authority, closer, now())


if __name__ == "__main__":
    main()
