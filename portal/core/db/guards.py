"""Guards that hold even if the application is wrong: triggers, written once per dialect.

Migrations call these functions with the names of their tables; a test compares both engines.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

APPEND_ONLY_MESSAGE = "append-only"


def append_only(dialect: str, table: str, *, fixed_columns: Iterable[str] = ()) -> list[str]:
    """Statements that forbid UPDATE and DELETE on a table.

    With `fixed_columns`, only these may not change (beside them stand values that are erased with their person).
    """
    fixed = tuple(fixed_columns)
    if dialect == "sqlite":
        return _append_only_sqlite(table, fixed)
    return _append_only_postgresql(table, fixed)


def _append_only_sqlite(table: str, fixed: tuple[str, ...]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY_MESSAGE}: {table}'); END"
    update = f"UPDATE ON {table}"
    if fixed:
        update += " WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in fixed)
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE {update} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def _append_only_postgresql(table: str, fixed: tuple[str, ...]) -> list[str]:
    when = ""
    if fixed:
        when = " WHEN (" + " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in fixed) + ")"
    call = "EXECUTE FUNCTION refuse_change()"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW{when} {call}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
    ]


def only_emptied(dialect: str, table: str, *, fixed: Iterable[str], emptied: Iterable[dict[str, str]]) -> list[str]:
    """Statements that forbid DELETE and every UPDATE save one that empties a whole group of columns.

    Each group of `emptied` maps its columns to the SQL constant that stands for nothing ("NULL" or "''").
    """
    same = "IS" if dialect == "sqlite" else "IS NOT DISTINCT FROM"
    parts = [f"NEW.{column} {same} OLD.{column}" for column in fixed]
    for group in emptied:
        kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in group)
        gone = " AND ".join(f"NEW.{column} {same} {nothing}" for column, nothing in group.items())
        parts.append(f"(({kept}) OR ({gone}))")
    message = f"{APPEND_ONLY_MESSAGE}: {table}"
    return [
        *refuse_change_unless(dialect, f"{table}_no_update", table, " AND ".join(parts), message),
        append_only(dialect, table)[1],
    ]


def no_truncate(dialect: str, table: str) -> list[str]:
    """Statements that forbid TRUNCATE, which no row trigger sees; SQLite has no such statement."""
    if dialect == "sqlite":
        return []
    guard = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    return [f"CREATE TRIGGER {table}_no_truncate {guard}"]


POSTGRESQL_REFUSE = f"""CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{APPEND_ONLY_MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def _unless(condition: str) -> str:
    """What cannot be told (NULL) does not hold."""
    return f"NOT COALESCE(({condition}), FALSE)"


def _raise(message: str) -> str:
    return f"SELECT RAISE(ABORT, '{message}')"


def refuse_insert_unless(dialect: str, name: str, table: str, condition: str, message: str) -> list[str]:
    """Statements for a trigger that refuses a new row unless `condition` (over NEW) is known to hold."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {_unless(condition)} BEGIN {_raise(message)}; END"
        ]
    body = (
        f"BEGIN IF NOT COALESCE(({condition}), FALSE) THEN RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END"
    )
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def after_insert(dialect: str, name: str, table: str, statements: Iterable[str]) -> list[str]:
    """Statements for a trigger that runs `statements` (over NEW) after each new row."""
    body = " ".join(f"{statement};" for statement in statements)
    if dialect == "sqlite":
        return [f"CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN {body} END"]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$",
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def refuse_change_unless(
    dialect: str, name: str, table: str, condition: str, message: str, *, on: str = "UPDATE"
) -> list[str]:
    """Statements for a trigger that refuses an UPDATE (or DELETE) unless `condition` (over OLD and NEW) holds."""
    if dialect == "sqlite":
        return [f"CREATE TRIGGER {name} BEFORE {on} ON {table} WHEN {_unless(condition)} BEGIN {_raise(message)}; END"]
    body = (
        f"BEGIN IF NOT COALESCE(({condition}), FALSE) THEN RAISE EXCEPTION '{message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {'OLD' if on == 'DELETE' else 'NEW'}; END"
    )
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


@contextmanager
def triggers_set_aside(connection: sa.Connection) -> Iterator[None]:
    """Within it SQLite may copy tables, which would lose their triggers and trip over those of others.

    A trigger goes with its table where that is dropped. PostgreSQL alters tables in place: there it does nothing.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    query = sa.text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    triggers = [tuple(map(str, row)) for row in connection.execute(query)]
    for name, _table, _sql in triggers:
        connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
    yield
    tables = set(connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")))
    for _name, table, sql in triggers:
        if table in tables:
            connection.exec_driver_sql(sql)
