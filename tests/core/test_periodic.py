"""Periodic work: once in each slot, however many workers there are, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.core.db import database
from portal.core.jobs import Job, Rounds, periodic, run_one
from portal.core.jobs.models import PeriodicRun
from portal.core.jobs.periodic import KEPT_FOR, PERIODIC, slot_of
from tests.engines import both_engines
from tests.factories.base import make_authority

HOUR = timedelta(hours=1)
WORK = {"probe.hourly": HOUR}


@periodic("probe.hourly", every=HOUR)
def found_a_town(session, *, now):
    """An effect that could be seen twice."""
    make_authority(session, code=f"town-{now:%H%M}")


PERIODIC.pop("probe.hourly")  # no worker of another test runs it


@pytest.fixture
def engine(app):
    """The engine of the application, in its context as the worker has it."""
    with app.app_context():
        yield database.engine


def count(engine, column) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(column))) or 0


@pytest.mark.parametrize(
    ("instant", "begins"),
    [
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)),
        (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)),
    ],
)
def test_a_daily_slot_begins_at_midnight_utc(instant, begins):
    assert slot_of(instant, timedelta(days=1)) == begins


@both_engines
def test_many_workers_start_the_work_of_a_slot_once(engine, clock):
    workers = [Rounds(engine, WORK) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        started = [each for found in pool.map(lambda worker: worker.start_due(clock()), workers) for each in found]
    assert started == ["probe.hourly"]
    while run_one(engine, clock=clock, owner="w"):
        pass
    assert (count(engine, Authority.id), count(engine, Job.id)) == (1, 1)


def test_the_next_slot_is_another_one_and_a_lost_one_is_not_made_up_for(engine, clock):
    worker = Rounds(engine, WORK)
    starts = [worker.start_due(clock())]
    for minutes in (30, 30, 59, 1, 600):
        clock.advance(minutes=minutes)
        starts.append(worker.start_due(clock()))
    assert [len(each) for each in starts] == [1, 0, 1, 0, 1, 1]


def test_a_worker_that_starts_again_finds_the_slot_taken(engine, clock):
    Rounds(engine, WORK).start_due(clock())
    assert Rounds(engine, WORK).start_due(clock()) == []


def test_old_slots_are_forgotten(engine, clock):
    worker = Rounds(engine, WORK)
    worker.start_due(clock())
    clock.advance(days=KEPT_FOR.days + 1)
    worker.start_due(clock())
    assert count(engine, PeriodicRun.id) == 1


def test_the_trail_is_anchored_and_verified_every_day(app):
    assert {"audit.anchor", "audit.verify"} <= PERIODIC.keys()
