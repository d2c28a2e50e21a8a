"""How long `portal audit verify` takes on 100 000 events: python benchmarks/audit_verify.py [events]

The trail lies in a fresh SQLite file built by the migrations: chains of ten events, one anchor a tenth of the way.
`BENCH_DATABASE_URL` names an empty PostgreSQL database instead.
"""

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.core.audit import GENESIS, AuditAnchor, AuditEvent, AuditHead, Count, anchor_file, verify, verify_anchors
from portal.core.audit.hashes import actor_hash, event_hash, values_hash
from portal.core.config import read_settings
from portal.core.db import database, new_id

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
IN_A_CHAIN = 10
ANCHORS = 10
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT_ONCE = 5000


def chain(number: int) -> Iterator[dict[str, Any]]:
    """The rows of one object, as `record` writes them."""
    subject, last = new_id(), GENESIS
    for sequence in range(1, IN_A_CHAIN + 1):
        row = SimpleNamespace(
            id=new_id(), subject_type="tranche", subject_id=subject, sequence=sequence,
            at=START + timedelta(seconds=number), authority_id=subject, actor_id=subject, actor_name="Ugo Lai",
            actor_roles="finance_approver", event="tranche.approve",
            before={"status": "proposed", "version": 4},
            after={"status": "approved", "version": 5, "cents": 840000, "gates": ["agreement_signed", "cup"]},
            reason=None, request_id=secrets.token_hex(8), salt=secrets.token_hex(16), actor_salt=secrets.token_hex(16),
            previous_hash=last,
        )  # fmt: skip
        row.actor_hash, row.values_hash = actor_hash(row), values_hash(row)
        row.hash = last = event_hash(row)
        yield vars(row)


def fill(session: Session) -> dict[str, bytes]:
    """Write the trail and its anchors; returns the files of these."""
    files: dict[str, bytes] = {}
    chains, last = EVENTS // IN_A_CHAIN, GENESIS
    for part in range(ANCHORS):
        rows = [list(chain(number)) for number in range(part * chains // ANCHORS, (part + 1) * chains // ANCHORS)]
        every = [row for one in rows for row in one]
        for start in range(0, len(every), AT_ONCE):
            session.execute(insert(AuditEvent), every[start : start + AT_ONCE])
        heads = [{**{k: one[-1][k] for k in ("subject_type", "subject_id", "sequence", "hash")}, "id": new_id()}
                 for one in rows]  # fmt: skip
        session.execute(insert(AuditHead), heads)
        day = (START + timedelta(days=part)).date()
        previous = last
        file = anchor_file(session, day=day, previous=previous)
        session.add(
            AuditAnchor(number=part + 1, day=day, at=START, heads=len(file.heads), events=0, digest=file.digest,
                        previous_digest=previous)
        )  # fmt: skip
        session.commit()
        files[f"audit/{day.isoformat()}.json"], last = file.content, file.digest
    return files


def measured(session: Session, files: dict[str, bytes]) -> str:
    """Verify everything once."""
    count = Count()
    began, busy = time.perf_counter(), time.process_time()
    faults = [*verify(session, count), *verify_anchors(session, files.get, count=count)]
    took, worked = time.perf_counter() - began, time.process_time() - busy
    assert faults == [], faults[:3]
    return (
        f"{session.get_bind().dialect.name}: {count.events} events in {count.chains} chains, {count.anchors} anchors: "
        f"{took:.1f} s, of which {worked:.1f} s of this processor ({count.events / worked:.0f} events a second)"
    )


def tampered(session: Session) -> str:
    """Find one altered row among all."""
    on = " ON audit_event" if session.get_bind().dialect.name == "postgresql" else ""
    session.connection().exec_driver_sql(f"DROP TRIGGER audit_event_no_update{on}")
    row = session.query(AuditEvent).offset(EVENTS // 2).limit(1).one()
    session.execute(update(AuditEvent).where(AuditEvent.id == row.id).values(reason="no"))
    session.commit()
    return f"found: {next(verify(session))}"


def main() -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.db'}")
        app = create_app(read_settings({"DATABASE_URL": url, "VIVAIO_VAR": folder}))
        with app.app_context():
            upgrade()
            with Session(database.engine) as session:
                files = fill(session)
            with Session(database.engine) as session:
                print(measured(session, files))
                print(tampered(session))


if __name__ == "__main__":
    main()
