"""How SQLite changes a table: Alembic copies it. What it refers to is not read for that, nor what those refer to:
looking through the whole neighbourhood of every table took half of the time of the migrations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.operations import Operations
from alembic.operations.base import BatchOperations

WHOLE = Operations.batch_alter_table


@contextmanager
def _alone(self: Operations, table: str, *args: Any, **options: Any) -> Iterator[BatchOperations]:
    with WHOLE(self, table, *args, **{"reflect_kwargs": {"resolve_fks": False}, **options}) as changed:
        yield changed


def copy_tables_alone() -> None:
    """From now on."""
    Operations.batch_alter_table = _alone  # type: ignore[assignment,method-assign]
