"""Ids as the ranking engine knows them: text, read tens of thousands at a time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast
from sqlalchemy.orm import InstrumentedAttribute, Session

BARE = 32
"""The digits of an id without its hyphens."""


def raw(column: InstrumentedAttribute[UUID]) -> ColumnElement[str]:
    """An id as the database gives it, for `Keys`: no object is made of each."""
    return cast(column, String)


def rows(session: Session, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """The rows of a query of columns as the driver gives them: entities, which the session would look for, are none.

    All at once: one by one, tens of thousands take as long to be handed over as to be found.
    """
    session.flush()
    return session.connection().execute(query).all()


class Keys(dict[str, str]):
    """The text of ids by what `raw` read, each written once: SQLite keeps their digits alone."""

    def __missing__(self, given: str) -> str:
        bare = len(given) == BARE
        self[given] = f"{given[:8]}-{given[8:12]}-{given[12:16]}-{given[16:20]}-{given[20:]}" if bare else given
        return self[given]
