"""The portal without one of its guards: a line of a function left out, a trigger or index dropped, CHECKs ignored."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Removed:
    """What makes up one guard: lines by the function that holds them (with what stands there instead), SQL, CHECKs."""

    lines: tuple[tuple[Callable[..., Any], str, str], ...] = ()
    sql: tuple[str, ...] = ()
    checks: bool = False
    triggers: tuple[str, ...] = ()


@contextmanager
def without(guard: Removed, connection: Connection) -> Iterator[None]:
    """Everything in the block happens without it. Only on SQLite, inside a transaction that is rolled back."""
    with ExitStack() as stack:
        for function, found, instead in guard.lines:
            stack.enter_context(_changed(function, found, instead))
        for statement in (*guard.sql, *(f"DROP TRIGGER {name}" for name in guard.triggers)):
            connection.execute(text(statement))
        if guard.checks:
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
            stack.callback(connection.execute, text("PRAGMA ignore_check_constraints = OFF"))
        yield


@contextmanager
def _changed(function: Any, found: str, instead: str) -> Iterator[None]:
    """The same function for everybody who has imported it, with other words in one place."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(found) == 1, f"{function.__qualname__} does not say so any more, or twice: {found}"
    made: dict[str, Any] = {}
    exec(
        compile(source.replace(found, instead), f"<{function.__qualname__} without>", "exec"),
        function.__globals__,
        made,
    )
    (other,) = (each for each in made.values() if isinstance(each, FunctionType))
    kept, function.__code__ = function.__code__, other.__code__
    try:
        yield
    finally:
        function.__code__ = kept
