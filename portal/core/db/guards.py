"""Guards that hold even if the application is wrong: triggers, written once per dialect.

Migrations call these functions with the names of their tables; a test compares both engines.
"""

from collections.abc import Iterable

APPEND_ONLY_MESSAGE = "append-only"


def append_only(dialect: str, table: str, *, except_columns: Iterable[str] = ()) -> list[str]:
    """Statements that forbid UPDATE and DELETE on a table.

    `except_columns` may still change (the values beside a hash that are erased with their person).
    """
    allowed = tuple(except_columns)
    if dialect == "sqlite":
        return _append_only_sqlite(table, allowed)
    return _append_only_postgresql(table, allowed)


def _append_only_sqlite(table: str, allowed: tuple[str, ...]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY_MESSAGE}: {table}'); END"
    update = f"UPDATE ON {table}"
    if allowed:
        update += f" WHEN {_changed(table, allowed)}"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE {update} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def _changed(table: str, allowed: tuple[str, ...]) -> str:
    """SQLite: a marker that the migration replaces by the fixed columns of the table."""
    columns = FIXED_COLUMNS[table]
    return " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns if column not in allowed)


FIXED_COLUMNS = {
    "audit_event": (
        "id",
        "subject_type",
        "subject_id",
        "sequence",
        "at",
        "actor_id",
        "actor_roles",
        "event",
        "salt",
        "values_hash",
        "previous_hash",
        "hash",
        "request_id",
    ),
}


def _append_only_postgresql(table: str, allowed: tuple[str, ...]) -> list[str]:
    when = ""
    if allowed:
        columns = [column for column in FIXED_COLUMNS[table] if column not in allowed]
        when = " WHEN (" + " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns) + ")"
    call = "EXECUTE FUNCTION refuse_change()"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW{when} {call}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
    ]


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
