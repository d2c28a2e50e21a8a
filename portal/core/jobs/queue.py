"""The one door to background work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Refusal
from portal.core.jobs.models import Job

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
ENDINGS: set[type[Refusal]] = set()
"""Refusals after which nothing is left of a job: it is over, and is not tried again."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register `f(session, *, now, **args)` for jobs of this kind."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def enqueue(session: Session, kind: str, *, now: datetime, run_at: datetime | None = None, **args: Any) -> Job:
    """Add a job to this transaction: it exists only if the transaction commits."""
    job = Job(kind=kind, args={key: _plain(value) for key, value in args.items()}, run_at=run_at or now)
    session.add(job)
    return job


def ends_a_job(refusal: type[Refusal]) -> None:
    """From now on a job that meets this refusal is over: what it was about is over."""
    ENDINGS.add(refusal)


@contextmanager
def before_slow_work(session: Session) -> Iterator[None]:
    """Read what a job needs without taking SQLite's write lock; the first statement after the block takes it.

    Sending and rendering stand between the two. What was read is read again where it is needed afterwards.
    """
    session.connection(execution_options={"ro": True})
    yield
    session.commit()


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | dict | list) else str(value)
