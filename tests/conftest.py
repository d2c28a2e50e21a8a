"""Fixtures for every test; the larger ones live beside this file, each in a module of its own."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest

from portal.core import clock as system_clock
from portal.core.collector import settle

pytest_plugins = [
    "tests.machine",
    "tests.engines",
    "tests.page",
    "tests.scanner",
    "tests.servers",
    "tests.trail_watch",
    "tests.unchanged",
]

gc.disable()  # until everything is imported: see pytest_collection_finish
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

hypothesis.settings.register_profile("short", deadline=None, max_examples=25, stateful_step_count=25, derandomize=True)
hypothesis.settings.register_profile(
    "soak",
    deadline=None,
    max_examples=2000,
    stateful_step_count=50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # for long is what it is there for, beside other work too
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


class Clock:
    """The portal's clock, held still: `clock.advance(days=1)`, `clock.set(instant)`, `clock()`."""

    def __init__(self, start: datetime) -> None:
        self.instant = start

    def __call__(self) -> datetime:
        return self.instant

    def set(self, instant: datetime) -> datetime:
        """Go to an instant (aware)."""
        assert instant.tzinfo is not None
        self.instant = instant
        return instant

    def advance(self, **delta: float) -> datetime:
        """Go on by days, hours, minutes …; returns the new instant."""
        return self.set(self.instant + timedelta(**delta))


@pytest.fixture
def now() -> datetime:
    """The instant at which every test starts: Monday 2 March 2026, 10:00 in Rome."""
    return NOW


@pytest.fixture
def clock(now: datetime) -> Iterator[Clock]:
    """The portal's clock, standing at `now` until the test moves it."""
    held = Clock(now)
    system_clock.set_source(held)
    yield held
    system_clock.reset_source()


LONG = (
    "browser/test_main_job", "browser/test_pages_accessible", "house/test_matrix", "house/test_migrations",
    "browser/test_two_phases", "browser/test_money_spine", "browser/test_costs_spine", "browser/test_commission",
    "payments/test_machine", "house/test_isolation", "cli/", "demo/", "browser/", "access/test_erasure", "rehearsal/",
    "evaluation/test_conflict_canary", "coaching/test_growing_canary", "evaluation/test_rankings",
    "payments/test_races",
)  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests start first, so that at the end no worker waits for the other; the rest stays in its order."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no garbage collection looks through it again."""
    settle()
