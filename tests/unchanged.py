"""What a refusal leaves behind: nothing. The whole content of the database is compared, not one count."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import Base, database

STIRRED = {"request_effect", "sign_in_failure", "web_session"}
"""What any request may write: the key of its form, a failed attempt, when a session was seen last."""
REFUSALS = ("audit_event", "audit_head")
"""What a refused move of money writes besides: that it was refused."""
NothingChanges = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def nothing_changes(app: Flask) -> NothingChanges:
    """`with nothing_changes():` fails where a row comes, goes or differs in the block, but in the tables named."""

    @contextmanager
    def watched(*but: str) -> Iterator[None]:
        before = content(app)
        yield
        after = content(app)
        assert [name for name in before if name not in but and before[name] != after[name]] == []

    return watched


def content(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, but of those that any request writes."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in STIRRED]
    with app.app_context(), database.engine.connect() as connection:
        return {table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table))) for table in tables}
