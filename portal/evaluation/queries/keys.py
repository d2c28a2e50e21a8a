"""Ids as the ranking engine knows them: text, read tens of thousands at a time."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast
from sqlalchemy.orm import InstrumentedAttribute, Session


def raw(column: InstrumentedAttribute[UUID]) -> ColumnElement[str]:
    """An id as the database gives it, for `Keys`: no object is made of each."""
    return cast(column, String)


def rows(session: Session, query: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    """The rows of a query of columns as the driver gives them: entities, which the session would look for, are none."""
    session.flush()
    return session.connection().execute(query)


class Keys(dict[Any, str]):
    """The text of ids by what `raw` read, each written once."""

    def __missing__(self, given: Any) -> str:
        self[given] = str(given if isinstance(given, UUID) else UUID(given))
        return self[given]
