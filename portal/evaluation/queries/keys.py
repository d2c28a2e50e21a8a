"""Ids as the ranking engine knows them: text, read tens of thousands at a time."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, type_coerce
from sqlalchemy.orm import InstrumentedAttribute


def raw(column: InstrumentedAttribute[UUID]) -> ColumnElement[str]:
    """An id as the database gives it, for `Keys`: no object is made of each."""
    return type_coerce(column, String)


class Keys(dict[Any, str]):
    """The text of ids by what `raw` read, each written once."""

    def __missing__(self, given: Any) -> str:
        self[given] = str(given if isinstance(given, UUID) else UUID(given))
        return self[given]
