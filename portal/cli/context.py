"""The application of a command: built once from the environment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.core.config import read_settings
from portal.core.db import db_session
from portal.core.logs import configure_logging
from portal.core.unit_of_work import reading


def the_app(**given: str) -> Flask:
    """The application with the settings of the environment, some of them `given` by the command line."""
    settings = read_settings({**os.environ, **given})
    settings.var.mkdir(parents=True, exist_ok=True)
    configure_logging()
    return create_app(settings)


@contextmanager
def looking() -> Iterator[Session]:
    """A session that only reads: a long check never holds back whoever writes."""
    with the_app().app_context(), reading() as session:
        yield session


@contextmanager
def transaction() -> Iterator[Session]:
    """A session in an application context, committed at the end or rolled back."""
    with the_app().app_context(), transaction_of_the_app() as session:
        yield session


@contextmanager
def transaction_of_the_app() -> Iterator[Session]:
    """One of several transactions inside one application context."""
    session = db_session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
