"""Periodic work: a row for each slot of time, and a job enqueued by whoever inserts it first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.db import new_id
from portal.core.jobs.models import PeriodicRun
from portal.core.jobs.queue import Handler, enqueue, handler

PERIODIC: dict[str, timedelta] = {}
KEPT_FOR = timedelta(days=90)
"""How long the row of a slot is kept."""


def periodic(name: str, *, every: timedelta) -> Callable[[Handler], Handler]:
    """Register `f(session, *, now)` to run once in each slot of this length, however many workers there are.

    Slots are counted from midnight UTC: with `every` a day, the work is done once a UTC day, as soon as a worker runs.
    A slot in which no worker ran is not made up for.
    """

    def register(function: Handler) -> Handler:
        PERIODIC[name] = every
        return handler(name)(function)

    return register


def slot_of(instant: datetime, every: timedelta) -> datetime:
    """The beginning of the slot in which an instant lies."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(instant.timestamp()) // seconds * seconds, UTC)


class Rounds:
    """What one worker remembers of the slots that were taken, so that it asks the database once a slot."""

    def __init__(self, engine: Engine, work: dict[str, timedelta] | None = None) -> None:
        self._engine = engine
        self._work = PERIODIC if work is None else work
        self._taken: dict[str, datetime] = {}

    def start_due(self, now: datetime) -> list[str]:
        """Enqueue the work of every slot that has begun and that nobody has taken; returns its names."""
        return [name for name, every in self._work.items() if self._start(name, slot_of(now, every), now)]

    def _start(self, name: str, slot: datetime, now: datetime) -> bool:
        if self._taken.get(name) == slot:
            return False
        with Session(self._engine) as session:
            mine = _take(session, name, slot, now)
            if mine:
                enqueue(session, name, now=now)
                gone = (PeriodicRun.name == name) & (PeriodicRun.at < now - KEPT_FOR)
                session.execute(delete(PeriodicRun).where(gone))
            session.commit()
        self._taken[name] = slot
        return mine


def _take(session: Session, name: str, slot: datetime, now: datetime) -> bool:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(PeriodicRun).values(id=new_id(), name=name, slot=slot.strftime("%Y-%m-%dT%H:%M:%SZ"), at=now)
    mine = row.on_conflict_do_nothing(index_elements=["name", "slot"]).returning(PeriodicRun.id)
    return session.execute(mine).first() is not None
