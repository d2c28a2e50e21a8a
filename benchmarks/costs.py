"""How long 20 000 lines of costs take: python -m benchmarks.costs [lines]

A workbook with one cost a row is read by the process apart, judged, and kept as lines; then the page of the report, the
check of the whole, the sending, and what `portal check` recomputes. Then the same workbook with one bad row: nothing is
kept. A fresh SQLite file; `BENCH_DATABASE_URL` names an empty PostgreSQL database instead. Figures are printed, never
asserted: they belong to the machine.
"""

import logging
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.core import clock
from portal.core.config import Settings
from portal.core.db import database
from portal.core.workbooks import xlsx_parts
from portal.documents.operations import store_bytes
from portal.milestones.costs import checks, operations
from portal.milestones.costs.models import CostImport, CostLine, CostReport
from portal.milestones.costs.operations.importing import end_import, sheet_seen
from portal.milestones.costs.queries import report_page, whole_report
from portal.milestones.costs.template import template_heads
from tests.factories.costs import SUPPLIER, start, with_costs
from tests.factories.grants import World, make_world
from tests.factories.payments import put_under_way

LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print wall and processor seconds, those of the processes apart too."""
    wall, worked = time.perf_counter(), _worked()
    yield
    print(f"  {what:<58} {time.perf_counter() - wall:7.2f} s  (processor {_worked() - worked:6.2f} s)", flush=True)


def _worked() -> float:
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def workbook(lines: int, *, bad: bool = False) -> bytes:
    """So many costs of fifty cents, each of a document of its own."""
    rows = [
        ["services", "Materiale", "invoice", "Tipografia Sala", SUPPLIER, f"FT {number}/2026", "10/03/2026", "0,41",
         "0,09", "no", "100", "", "20/03/2026", "transfer", f"CRO {number}", "", ""]
        for number in range(1, lines + 1)
    ]  # fmt: skip
    if bad:
        rows[-1][7] = "1,000.00"
    return b"".join(xlsx_parts("Costs", template_heads(), rows))


def asked(session: Session, world: World, report: CostReport, content: bytes) -> CostImport:
    """A spreadsheet handed in: its upload is measured by benchmarks.upload."""
    owner = world.actor(world.owner)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = store_bytes(session, name="costi.xlsx", media_type=kind, content=content, actor=owner, now=world.now)
    session.flush()
    found = CostImport(report_id=report.id, file_id=file.id, asked_by=owner.person_id, asked_at=world.now)
    session.add(found)
    session.commit()
    return found


def read_in(session: Session, world: World, report: CostReport, *, bad: bool = False) -> None:
    """What the job does, in its two halves."""
    each = asked(session, world, report, workbook(LINES, bad=bad))
    with timed(f"{LINES} rows{' with one bad' if bad else ''}: read apart and judged"):
        read = sheet_seen(session, import_id=each.id)
    assert read is not None
    with timed(f"{len(read.faults)} faults: {'nothing is kept' if bad else 'every row is kept as a line'}"):
        end_import(session, import_id=each.id, read=read, now=world.now)
        session.commit()
    print(f"  {session.scalar(select(func.count()).select_from(CostLine))} lines stand")


def measure(session: Session) -> None:
    """One grant, one report."""
    world = make_world(session, now=BEGAN)
    grant = put_under_way(world, world.application)
    with_costs(session, world.call, grant)
    world.now = BEGAN + timedelta(days=60)
    clock.set_source(lambda: world.now)
    report = start(world, grant)
    session.commit()
    read_in(session, world, report, bad=True)
    read_in(session, world, report)
    given: dict[str, Any] = {"actor": world.actor(world.owner), "report_id": report.id}
    with timed("the page of the report"):
        report_page(session, **given)
    with timed("everything that keeps it from being sent"):
        whole = whole_report(session, report)
    assert whole.may_be_sent, [str(each.faults[0].words) for each in whole.to_mend[:3]]
    with timed("sent: frozen, hashed, every document claimed"):
        operations.send_report(session, seen_cents=whole.claimed_cents, now=world.now, **given)
        session.commit()
    with timed("portal check: reports from their lines"):
        assert list(checks.broken(session)) == []


def main() -> None:
    """Print the figures of one engine."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{Path(folder) / 'bench.db'}"
        app = create_app(replace(Settings(), var=Path(folder), database_url=url))
        with app.app_context():
            upgrade()
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
            print(f"{LINES} lines of costs on {database.engine.dialect.name}")
            measure(database.session())


if __name__ == "__main__":
    main()
