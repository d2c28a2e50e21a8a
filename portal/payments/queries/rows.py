"""One shape for every fact that gates look at, so that one statement reads them all."""

from typing import Any

from sqlalchemy import BigInteger, Date, Select, String, cast, literal, null, select

KINDS = (
    ("number", BigInteger()),
    ("title", String()),
    ("until", Date()),
    ("order", Date()),
    ("place", BigInteger()),
    ("more", BigInteger()),
)


def fact_row(what: str, key: Any, **said: Any) -> Select[Any]:
    """One fact about `key`; a union needs every column of every part, empty where it says nothing."""
    columns = [(said[name] if name in said else cast(null(), kind)).label(name) for name, kind in KINDS]
    return select(literal(what).label("what"), key.label("key"), *columns)
