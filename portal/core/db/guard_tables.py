"""The guards of one migration as tables: what they say, put in force and taken away in one way on both engines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from alembic.operations import Operations

from portal.core.db.guards import (
    append_only,
    no_truncate,
    refuse_change_unless,
    refuse_insert_unless,
    triggers_set_aside,
)

Columns = tuple[str, ...] | None
"""The columns of a row that never change; None: no column ever does."""


@dataclass(frozen=True)
class Guards:
    """What a migration guards; each row is put in force by `put_in_force` and undone by `take_away`.

    - stays: tables whose rows stay, each with the columns that never change
    - refixed: tables that stayed already: name, the columns before, after
    - gained: words that a column of an older table gained: table, name of its check, column, the words before, new ones
    - changed: conditions of older tables that say something else: table, name, before, after
    - checks: what older tables hold true of columns they gained: table, name, condition
    - once: changes that are refused: name of the trigger, table, condition over OLD and NEW, message
    - replaced: such changes whose condition is another one: name, table, condition before, after, message
    - only: rows that are refused unless something holds: name, table, condition over NEW, message
    """

    stays: Mapping[str, Columns] = field(default_factory=dict)
    refixed: tuple[tuple[str, Columns, Columns], ...] = ()
    gained: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = ()
    changed: tuple[tuple[str, str, str, str], ...] = ()
    checks: tuple[tuple[str, str, str], ...] = ()
    once: tuple[tuple[str, str, str, str], ...] = ()
    replaced: tuple[tuple[str, str, str, str, str], ...] = ()
    only: tuple[tuple[str, str, str, str], ...] = ()


def put_in_force(op: Operations, guards: Guards) -> None:
    """What the tables say holds from here on."""
    for table, check, column, before, new in guards.gained:
        _says(op, table, check, _one_of(column, (*before, *new)))
    for table, name, _before, after in guards.changed:
        _says(op, table, name, after)
    for table, name, condition in guards.checks:
        with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(condition))
    _set_triggers(op, guards)


def _set_triggers(op: Operations, guards: Guards) -> None:
    dialect = op.get_bind().dialect.name
    for table, columns in guards.stays.items():
        _run(op, (*append_only(dialect, table, fixed_columns=columns or ()), *no_truncate(dialect, table)))
    for table, _old, columns in guards.refixed:
        _fix(op, table, columns)
    for name, table, _old_condition, condition, message in guards.replaced:
        _replace(op, name, table, condition, message)
    for name, table, condition, message in guards.once:
        _run(op, refuse_change_unless(dialect, name, table, condition, message))
    for name, table, condition, message in guards.only:
        _run(op, refuse_insert_unless(dialect, name, table, condition, message))


def take_away(op: Operations, guards: Guards) -> None:
    """What held before holds again."""
    _take_triggers(op, guards)
    for table, name, _condition in guards.checks:
        with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for table, name, before, _after in guards.changed:
        _says(op, table, name, before)
    for table, check, column, words, _gained in guards.gained:
        _says(op, table, check, _one_of(column, words))


def _take_triggers(op: Operations, guards: Guards) -> None:
    for name, table, _condition, _message in (*guards.only, *guards.once):
        _drop(op, name, table)
    for name, table, condition, _new_condition, message in guards.replaced:
        _replace(op, name, table, condition, message)
    for table, columns, _new in guards.refixed:
        _fix(op, table, columns)
    for table in guards.stays:
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if _is_postgresql(op) else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{_on(op, table)}")


def _run(op: Operations, statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(statement)


def _is_postgresql(op: Operations) -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


def _on(op: Operations, table: str) -> str:
    return f" ON {table}" if _is_postgresql(op) else ""


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _says(op: Operations, table: str, check: str, condition: str) -> None:
    name = op.f(f"ck_{table}_{check}")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(condition))


def _fix(op: Operations, table: str, columns: Columns) -> None:
    op.execute(f"DROP TRIGGER {table}_no_update{_on(op, table)}")
    op.execute(append_only(op.get_bind().dialect.name, table, fixed_columns=columns or ())[0])


def _drop(op: Operations, name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name}{_on(op, table)}")
    if _is_postgresql(op):
        op.execute(f"DROP FUNCTION {name}()")


def _replace(op: Operations, name: str, table: str, condition: str, message: str) -> None:
    _drop(op, name, table)
    _run(op, refuse_change_unless(op.get_bind().dialect.name, name, table, condition, message))
