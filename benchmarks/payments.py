"""How long payments take on their way out and back: `make bench`, or `python -m benchmarks.payments [PAYMENTS]`.

1 000 approved tranches of one grant. Timed, wall and processor: the button that puts them in one file (gates read
again, SEPA written and validated against its XSD, list, rows and trail, commit), and a camt.054 with all of them taken
in (read, judged, ledger and tranche of each, trail, notices, commit). A fresh SQLite file; `BENCH_DATABASE_URL` names
an empty PostgreSQL database instead. Figures are printed, never asserted: they belong to the machine.
"""

import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.form import database_name
from portal.app import create_app
from portal.core.clock import now
from portal.core.config import Settings
from portal.core.db import database
from portal.grants.rules import local_day
from portal.payments import operations
from portal.payments.bank.operations import take_bank_file
from portal.payments.bank.reading import read_bank_file
from portal.payments.models import PaymentLine, Tranche
from tests.factories.bank import arrived, asked, entry, notification
from tests.factories.payments import Finance, make_finance
from tests.factories.racing import many_proposed

PAYMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
BUDGET_S = 5.0


def approved(session: Session) -> Finance:
    """So many tranches that may go in a file."""
    finance = make_finance(session, now=now(), awarded_cents=2_000 * PAYMENTS)
    for number, tranche_id in enumerate(many_proposed(finance, PAYMENTS), start=1):
        tranche = session.get_one(Tranche, tranche_id)
        operations.approve_tranche(
            session, tranche_id=tranche_id, version_seen=tranche.version, **finance.by(finance.checker)
        )
        if number % 100 == 0:
            session.commit()
    session.commit()
    return finance


def timed(name: str, work: Callable[[], Any], budget: float | None = None) -> Any:
    """Do it once and tell how long it took."""
    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    told = f" (budget {budget:.0f} s)" if budget else ""
    print(f"  {name}: {wall:.2f} s, {processor:.2f} s of the processor{told}")
    return found


def out(session: Session, finance: Finance) -> list[PaymentLine]:
    """All of them in one file."""
    ids = list(session.scalars(select(Tranche.id).where(Tranche.status == "approved")))
    order = operations.order_payments(
        session, tranche_ids=ids, execution_on=local_day(now()), **finance.by(finance.maker)
    )
    session.commit()
    return list(order.lines)


def back(session: Session, finance: Finance, content: bytes) -> None:
    """The bank says that it paid them."""
    take_bank_file(
        session, authority_id=finance.grant.authority_id, upload=arrived(content), reading=read_bank_file(content),
        **finance.by(finance.maker),
    )  # fmt: skip
    session.commit()


def main() -> None:
    """Fill the database, pay, hear, tell."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        with app.app_context():
            upgrade()
            with Session(database.engine) as session:
                finance = approved(session)
                print(f"{PAYMENTS} payments, {database_name(url)}, load {os.getloadavg()[0]:.1f}")
                lines = timed("one SEPA file, with its list", lambda: out(session, finance), BUDGET_S)
                day = local_day(now()).isoformat()
                content = notification(*(entry(asked(line), on=day) for line in lines))
                timed("a camt.054 with all of them taken in", lambda: back(session, finance, content))


if __name__ == "__main__":
    main()
