"""Fixtures for every test; the larger ones live beside this file, each in a module of its own."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest

from portal.core import clock as system_clock

pytest_plugins = ["tests.machine", "tests.engines", "tests.page", "tests.servers", "tests.trail_watch"]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

hypothesis.settings.register_profile("short", deadline=None, max_examples=25, stateful_step_count=25, derandomize=True)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=2000, stateful_step_count=50)
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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys are the longest tests: they start first."""
    items.sort(key=lambda item: "browser" not in item.nodeid)
