"""Background work: nothing lost, nothing twice, on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.core import jobs
from portal.core.db import database
from portal.core.errors import Refusal
from portal.core.jobs import Job, ends_a_job, enqueue, handler, run_one, work_until_stopped
from portal.core.jobs import worker as working
from portal.core.jobs.models import JobState
from portal.core.jobs.worker import LEASE, MOST_ATTEMPTS, new_owner
from tests.engines import both_engines
from tests.factories.base import make_authority


@handler("probe.write")
def write(session, *, now, code):
    """An effect that could be seen twice."""
    make_authority(session, code=code)


@handler("probe.fail")
def fail(session, *, now, code):
    """An effect, then an error."""
    make_authority(session, code=code)
    session.flush()
    raise ValueError("canarino@segreto.example")


class TooLate(Refusal):
    """What the work was about is over."""


@handler("probe.over")
def over(session, *, now, **args):
    """An effect, then the end of what it was about."""
    make_authority(session, code="later")
    session.flush()
    raise TooLate("over")


@pytest.fixture
def engine(app):
    """The engine of the application, in its context as the worker has it."""
    with app.app_context():
        yield database.engine


def add(engine, kind, now, **args):
    with Session(engine) as session:
        job = enqueue(session, kind, now=now, **args)
        session.commit()
        return job.id


def job(engine, job_id) -> Job:
    with Session(engine, expire_on_commit=False) as session:
        return session.get_one(Job, job_id)


def authorities(engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(Authority.id))) or 0


@both_engines
def test_a_job_of_a_rolled_back_transaction_never_runs(engine, clock):
    with Session(engine) as session:
        enqueue(session, "probe.write", now=clock(), code="a")
        session.flush()
        session.rollback()
    assert not run_one(engine, clock=clock, owner="w")
    assert authorities(engine) == 0


@handler("probe.robbed")
def robbed(session, *, now, code):
    """An effect of a worker whose lease has meanwhile gone to another."""
    make_authority(session, code=code)
    session.execute(update(Job).values(owner="another"))


@both_engines
def test_the_effect_and_done_are_one_transaction(engine, clock):
    done, lost = add(engine, "probe.write", clock(), code="a"), add(engine, "probe.robbed", clock(), code="b")
    assert run_one(engine, clock=clock, owner="w")
    assert (job(engine, done).state, authorities(engine)) == (JobState.DONE, 1)
    assert run_one(engine, clock=clock, owner="w")
    assert (job(engine, lost).state, authorities(engine)) == (JobState.RUNNING, 1)


def test_a_job_waits_for_its_time(engine, clock):
    add(engine, "probe.write", clock(), run_at=clock() + timedelta(hours=1), code="a")
    assert not run_one(engine, clock=clock, owner="w")
    clock.advance(hours=1)
    assert run_one(engine, clock=clock, owner="w")


def test_the_job_of_a_dead_worker_is_taken_over_when_its_lease_ends(engine, clock):
    given = add(engine, "probe.write", clock(), code="a")
    with Session(engine) as session:
        assert working._claim(session, clock(), "dead") is not None
    assert not run_one(engine, clock=clock, owner="w")
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert run_one(engine, clock=clock, owner="w")
    assert (job(engine, given).state, job(engine, given).attempts, job(engine, given).owner) == (JobState.DONE, 2, "w")


def test_a_failing_job_is_tried_five_times_ever_later_and_its_message_is_not_kept(engine, clock, capsys):
    given = add(engine, "probe.fail", clock(), code="a")
    waits = []
    for _ in range(MOST_ATTEMPTS):
        clock.set(max(clock(), job(engine, given).run_at))
        assert run_one(engine, clock=clock, owner="w")
        waits.append((job(engine, given).run_at - clock()).total_seconds())
    failed = job(engine, given)
    assert (failed.state, failed.attempts, authorities(engine)) == (JobState.FAILED, MOST_ATTEMPTS, 0)
    assert waits == sorted(set(waits))
    assert failed.error is not None
    assert failed.error.startswith("ValueError\n")
    assert "segreto" not in failed.error + "".join(capsys.readouterr())
    clock.advance(days=1)
    assert not run_one(engine, clock=clock, owner="w")


def test_a_job_of_an_unknown_kind_fails_like_any_other(engine, clock):
    given = add(engine, "probe.unknown", clock())
    assert run_one(engine, clock=clock, owner="w")
    assert job(engine, given).state is JobState.QUEUED


def test_a_job_that_kills_its_workers_is_given_up(engine, clock):
    given = add(engine, "probe.write", clock(), code="a")
    for number in range(MOST_ATTEMPTS):
        with Session(engine) as session:
            assert working._claim(session, clock(), f"dead {number}") is not None
        clock.advance(seconds=LEASE.total_seconds() + 1)
    assert not run_one(engine, clock=clock, owner="w")
    given_up = job(engine, given)
    assert (given_up.state, given_up.attempts, authorities(engine)) == (JobState.FAILED, MOST_ATTEMPTS, 0)
    assert "died" in (given_up.error or "")


@both_engines
def test_two_workers_do_each_job_once(app, engine, clock):
    with Session(engine) as session:
        for number in range(30):
            enqueue(session, "probe.write", now=clock(), code=f"a{number}")
        session.commit()

    def drain(_: int) -> int:
        owner, times = new_owner(), 0
        with app.app_context():
            while run_one(engine, clock=clock, owner=owner):
                times += 1
        return times

    with ThreadPoolExecutor(2) as pool:
        done = sum(pool.map(drain, range(2)))
        done += drain(0)  # whoever found the queue locked may have left the last ones
    assert done == authorities(engine) == 30


def test_a_long_job_keeps_its_lease(engine, clock, monkeypatch):
    monkeypatch.setattr(working, "BEAT", 0.01)
    given = add(engine, "probe.slow", clock())
    beaten = threading.Event()

    @handler("probe.slow")
    def slow(session, *, now):
        clock.advance(seconds=30)
        with jobs.before_slow_work(session):
            pass
        beaten.wait(0.3)

    run_one(engine, clock=clock, owner="w")
    assert job(engine, given).lease_until == clock() + LEASE


def test_the_worker_stops_when_told_and_outlives_a_database_that_is_gone(engine, clock, capsys):
    stop, rounds = threading.Event(), []

    def each_round() -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError("SELECT 1", {}, Exception("gone"))
        stop.set()

    given = add(engine, "probe.write", clock(), code="a")
    work_until_stopped(engine, clock=clock, stop=stop, each_round=each_round)
    assert job(engine, given).state is JobState.DONE


def test_a_job_about_what_is_over_is_done_without_effect_and_a_round_over_many_is_not(engine, clock, now):
    ends_a_job(TooLate)
    one, many = add(engine, "probe.over", now, code="a"), add(engine, "probe.over", now)
    for _ in range(2):
        run_one(engine, clock=clock, owner=new_owner())
    assert [job(engine, each).state for each in (one, many)] == [JobState.DONE, JobState.QUEUED]
    assert authorities(engine) == 0
