"""Work in a process of its own that is ended with SIGKILL: before its n-th statement, or at any moment."""

import os
import signal
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.core.db import database
from portal.core.unit_of_work import unit_of_work
from tests.engines import dispose

LONGEST_SECONDS = 60


def started(app: Flask, work: Callable[[], object]) -> int:
    """A copy of this process does the work and ends; its number. SQLite must not be carried over open."""
    dispose(app)
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        signal.alarm(LONGEST_SECONDS)
        with app.app_context():
            work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def cut_off(app: Flask, act: Callable[[Session], object], at: int) -> bool:
    """Whether the process died before its n-th word to the database; False: it had done its work before."""

    def work() -> None:
        said = count(1)

        def speak(*_given: Any) -> None:
            if next(said) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        for name in ("before_cursor_execute", "commit"):
            event.listen(database.engine, name, speak)
        with unit_of_work() as session:
            act(session)

    _number, status = os.waitpid(started(app, work), 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) == signal.SIGKILL
    assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return False
