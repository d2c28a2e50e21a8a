"""A drill: web processes are killed while applications are sent. `python -m benchmarks.drill_submit [KILLS] [SENDERS]`

Clients send one application each and try again with the same form when nobody answers, as a browser does. Meanwhile
KILLS (50) times the process that answers is killed with SIGKILL. In the end: no acknowledged application is lost, none
is registered twice, none is half sent, and the nightly checker of the whole portal finds nothing.
A fresh SQLite file; `BENCH_DATABASE_URL` names an empty PostgreSQL database instead. Ends with 1 when it fails.
"""

import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPException
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.crowd import Sender, engine_name, free_port, make_crowd, post, server, workers_of
from portal.applications.models import Application, Submission
from portal.applications.operations.submit import RECEIPT_JOB
from portal.applications.rules import ApplicationStatus
from portal.core.db import database
from portal.core.jobs.models import Job
from portal.reporting.invariants import broken_invariants

KILLS, SENDERS, CLIENTS, TRIES, TEXT = 50, 400, 8, 400, 4_000


class Drill:
    """Who was told that they are in."""

    def __init__(self, port: int, senders: list[Sender]) -> None:
        self.port, self.waiting, self.lock = port, list(senders), threading.Lock()
        self.acknowledged: set[Any] = set()
        self.answers: Counter[int] = Counter()

    def client(self) -> None:
        """Send, and send the same form again until there is an answer."""
        while True:
            with self.lock:
                if not self.waiting:
                    return
                sender = self.waiting.pop()
            for _try in range(TRIES):
                try:
                    status, there = post(self.port, sender.path, sender, {}, timeout=20)
                except (OSError, HTTPException):  # cut off before the answer, or in the middle of it
                    status, there = 0, ""
                with self.lock:
                    self.answers[status] += 1
                if status == 303 and there.endswith("/receipt"):
                    with self.lock:
                        self.acknowledged.add(sender.application_id)
                    break
                time.sleep(0.1)

    def kill(self, running: Any, kills: int) -> int:
        """Kill one web process after the other, at any moment, as long as somebody sends."""
        chance, done = random.Random(5), 0
        while done < kills:
            with self.lock:
                if not self.waiting:
                    return done
            time.sleep(chance.uniform(0.05, 0.5))
            alive = workers_of(running)
            if alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(alive), signal.SIGKILL)
                    done += 1
        return done


def faults(opened: Session, drill: Drill, before: set[str]) -> dict[str, int]:
    """What must not be, counted; `before` is what the checker says of a crowd that was copied row by row."""
    rows = opened.scalars(select(Submission.application_id)).all()
    sent = set(opened.scalars(select(Application.id).where(Application.status == ApplicationStatus.SUBMITTED)))
    jobs = opened.scalar(select(func.count(Job.id)).where(Job.kind == RECEIPT_JOB)) or 0
    return {
        "acknowledged and lost": len(drill.acknowledged - set(rows)),
        "registered twice": len(rows) - len(set(rows)),
        "half sent": len(sent ^ set(rows)) + abs(len(rows) - jobs),
        "broken invariants": len(set(broken_invariants(opened)) - before),
    }


def main(kills: int, number: int) -> int:
    """Drill and tell; 0 when nothing broke."""
    with tempfile.TemporaryDirectory() as place:
        folder, port = Path(place), free_port()
        url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / 'vivaio.db'}"
        app, senders = make_crowd(folder, url, port, number, TEXT)
        with app.app_context(), Session(database.engine) as opened:
            before = set(broken_invariants(opened))
        drill = Drill(port, senders)
        with server(folder, url, port, 1 if engine_name(url) == "sqlite" else 2, threads=4) as running:
            clients = [threading.Thread(target=drill.client) for _ in range(CLIENTS)]
            for each in clients:
                each.start()
            done = drill.kill(running, kills)
            for each in clients:
                each.join()
        with app.app_context(), Session(database.engine) as opened:
            found = faults(opened, drill, before)
    print(f"{engine_name(url)}: {done} kills, {drill.answers[0]} requests cut off, load {os.getloadavg()[0]:.1f}")
    print(f"{len(drill.acknowledged)} of {number} acknowledged; {found}")
    return int(any(found.values()) or len(drill.acknowledged) != number or done < kills)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(given[0] if given else KILLS, given[1] if len(given) > 1 else SENDERS))
