"""The worker: takes one job at a time under a lease, and commits its effect together with "done"."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from portal.core.jobs.models import Job, JobState
from portal.core.jobs.queue import ENDINGS, HANDLERS
from portal.core.logs import told

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
PAUSE = 0.5
BEAT = LEASE.total_seconds() / 3
NO_DATABASE = (OperationalError, InterfaceError)
log = structlog.get_logger("worker")


def new_owner() -> str:
    """A name that no other start of a worker can have."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_one(engine: Engine, *, clock: Callable[[], datetime], owner: str) -> bool:
    """Take the oldest due job and run it; False when nothing is due."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    if not _something_due(engine, clock()):
        return False
    with sessions() as session:
        job = _claim(session, clock(), owner)
    if job is None:
        return False
    stop = threading.Event()
    beat = threading.Thread(target=_heartbeat, args=(engine, job.id, owner, clock, stop), daemon=True)
    beat.start()
    try:
        _run(sessions, job, clock, owner)
    finally:
        stop.set()
        beat.join()
    return True


def work_until_stopped(
    engine: Engine, *, clock: Callable[[], datetime], stop: threading.Event, each_round: Callable[[], None]
) -> None:
    """Run jobs as they come due until `stop` is set; `each_round` is called before each of them.

    While the database does not answer, the worker waits for it.
    """
    owner = new_owner()
    while not stop.is_set():
        try:
            each_round()
            if run_one(engine, clock=clock, owner=owner):
                continue
        except NO_DATABASE as error:
            log.error("no database", **told(error))
        stop.wait(PAUSE)


def _due(instant: datetime) -> Any:
    queued = (Job.state == JobState.QUEUED) & (Job.run_at <= instant)
    orphaned = (Job.state == JobState.RUNNING) & (Job.lease_until < instant)
    return or_(queued, orphaned)


def _something_due(engine: Engine, instant: datetime) -> bool:
    with engine.connect().execution_options(ro=True) as connection:
        return connection.execute(select(Job.id).where(_due(instant)).limit(1)).first() is not None


def _claim(session: Session, instant: datetime, owner: str) -> Job | None:
    query = select(Job).where(_due(instant)).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    job = session.scalars(query).first()
    if job is None:
        return None
    taken = job.attempts < MOST_ATTEMPTS
    if taken:
        job.state, job.owner = JobState.RUNNING, owner
        job.lease_until, job.attempts = instant + LEASE, job.attempts + 1
    else:
        job.state, job.finished_at, job.error = JobState.FAILED, instant, "every worker that took it died"
        log.error("job given up", kind=job.kind, job=str(job.id))
    session.commit()
    return job if taken else None


def _heartbeat(
    engine: Engine, job_id: uuid.UUID, owner: str, clock: Callable[[], datetime], stop: threading.Event
) -> None:
    """Hold the lease. On SQLite the job itself may hold the one write lock: nobody else can take it then either."""
    mine = (Job.id == job_id) & (Job.owner == owner) & (Job.state == JobState.RUNNING)
    while not stop.wait(BEAT):
        with suppress(*NO_DATABASE), Session(engine) as session:
            session.execute(update(Job).where(mine).values(lease_until=clock() + LEASE))
            session.commit()


def _run(sessions: "sessionmaker[Session]", job: Job, clock: Callable[[], datetime], owner: str) -> None:
    started = time.monotonic()
    with sessions() as session:
        try:
            _do(session, job, clock())
            done = session.execute(_finish(job, owner, state=JobState.DONE, finished_at=clock(), error=None))
            kept = bool(done.rowcount)  # type: ignore[attr-defined]
            session.commit() if kept else session.rollback()
        except Exception as error:
            session.rollback()
            log.error("job failed", kind=job.kind, job=str(job.id), attempts=job.attempts, **told(error))
            _put_back(session, job, clock(), owner, error)
            return
    spent = round(time.monotonic() - started, 3)
    log.info("job done" if kept else "job lost its lease", kind=job.kind, job=str(job.id), seconds=spent)


def _do(session: Session, job: Job, instant: datetime) -> None:
    """The work itself. That of one thing is undone where it met an end (`ends_a_job`); a round over many fails."""
    try:
        HANDLERS[job.kind](session, now=instant, **job.args)
        session.flush()
    except tuple(ENDINGS) as refusal:
        if not job.args:
            raise
        session.rollback()
        log.info("job over", kind=job.kind, job=str(job.id), why=type(refusal).__name__)


def _put_back(session: Session, job: Job, instant: datetime, owner: str, error: Exception) -> None:
    """To be tried again, later each time; failed after the last attempt. The error's message may quote people."""
    last = job.attempts >= MOST_ATTEMPTS
    found = told(error)
    session.execute(
        _finish(
            job,
            owner,
            state=JobState.FAILED if last else JobState.QUEUED,
            run_at=instant + timedelta(seconds=10 * 2**job.attempts),
            finished_at=instant if last else None,
            error="\n".join([found["error"], *found["places"]]),
        )
    )
    session.commit()


def _finish(job: Job, owner: str, **values: Any) -> Any:
    mine = (Job.id == job.id) & (Job.owner == owner) & (Job.state == JobState.RUNNING)
    return update(Job).where(mine).values(**values)
