"""Which named constraint a database said no with: SQLite tells the columns of a UNIQUE, PostgreSQL its name."""

import re

from sqlalchemy import Table, UniqueConstraint

from portal.core.db.base import Base

_COLUMNS = re.compile(r"UNIQUE constraint failed: ([\w., ]+)")


def constraint_of(error: Exception) -> str:
    """The name of the violated constraint, or an empty string where the database does not tell."""
    original = getattr(error, "orig", None)
    told = getattr(getattr(original, "diag", None), "constraint_name", None)
    return str(told or _by_columns(str(original)) or "")


def _by_columns(message: str) -> str | None:
    found = _COLUMNS.search(message)
    if found is None:
        return None
    pairs = [pair.strip().split(".") for pair in found.group(1).split(",")]
    table = Base.metadata.tables.get(pairs[0][0])
    columns = {pair[-1] for pair in pairs}
    return None if table is None else _unique_over(table, columns)


def _unique_over(table: Table, columns: set[str]) -> str | None:
    uniques = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    names = [each.name for each in uniques if {column.name for column in each.columns} == columns]
    names += [
        each.name for each in table.indexes if each.unique and {column.name for column in each.columns} == columns
    ]
    return next((str(name) for name in names if name), None)
