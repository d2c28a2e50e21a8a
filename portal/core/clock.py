"""The one reader of the clock. Views, commands and the worker read it; operations receive it."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source()


def set_source(source: Callable[[], datetime]) -> None:
    """Replace the clock (tests and the loader of the demonstration only)."""
    global _source
    _source = source


def reset_source() -> None:
    """Return to the system's clock."""
    global _source
    _source = _system
