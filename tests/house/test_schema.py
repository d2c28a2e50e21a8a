"""Both engines end with the same schema, and it is the one that the models tell."""

from collections.abc import Callable
from typing import Any

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Engine, MetaData, UniqueConstraint, inspect, text

from portal.core.db import Base
from portal.core.db.search import SUFFIX
from tests.house.sources import ROOT

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
NO_TRUNCATE = "_no_truncate"
REFUSING = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & "
REFUSING_DELETE, REFUSING_TRUNCATE = f"{REFUSING} 8 <> 0", f"{REFUSING} 32 <> 0"
"""The bits of a trigger that is fired by DELETE, and by TRUNCATE."""
BOOKKEEPING = {"alembic_version"}
SEARCHING = f"inbox_entry{SUFFIX}"
"""The index for searching, which each engine has in its own way: on SQLite tables and triggers of its own."""


def shape(engine: Engine) -> dict[str, dict[str, Any]]:
    """What a database holds, by names that both engines share."""
    found = inspect(engine)
    tables = sorted(name for name in set(found.get_table_names()) - BOOKKEEPING if not name.startswith(SEARCHING))
    return {table: _table(found, table) for table in tables}


def _table(found: Any, table: str) -> dict[str, Any]:
    uniques = {each["name"] for each in found.get_unique_constraints(table)}
    return {
        "columns": {each["name"]: each["nullable"] for each in found.get_columns(table)},
        "primary key": found.get_pk_constraint(table)["constrained_columns"],
        "foreign keys": {
            each["name"]: (
                each["constrained_columns"],
                each["referred_table"],
                each["options"].get("ondelete"),
            )
            for each in found.get_foreign_keys(table)
        },
        "unique": uniques,
        "checks": {each["name"] for each in found.get_check_constraints(table)},
        "indexes": {
            each["name"]: (each["column_names"], bool(each["unique"]))
            for each in found.get_indexes(table)
            if each["name"] not in uniques | {SEARCHING}
        },
    }


def triggers(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        found = connection.scalars(text(TRIGGERS[engine.dialect.name]))
        return {name for name in found if not name.startswith(SEARCHING)}


def test_both_engines_end_with_the_same_tables(engines: Callable[[str], Engine]):
    on_sqlite, on_postgresql = shape(engines("sqlite")), shape(engines("postgresql"))
    assert on_sqlite.keys() == on_postgresql.keys()
    differing = {
        name: (on_sqlite[name], on_postgresql[name]) for name in on_sqlite if on_sqlite[name] != on_postgresql[name]
    }
    assert differing == {}


def test_both_engines_end_with_the_same_triggers(engines: Callable[[str], Engine]):
    """Save those against TRUNCATE, a statement that SQLite does not know."""
    on_postgresql = triggers(engines("postgresql"))
    assert triggers(engines("sqlite")) == {name for name in on_postgresql if not name.endswith(NO_TRUNCATE)}


def test_what_refuses_delete_refuses_truncate_too(engines: Callable[[str], Engine]):
    """Row triggers never see a TRUNCATE: on PostgreSQL each such table has one more."""
    with engines("postgresql").connect() as connection:
        refusing, guarded = (set(connection.scalars(text(found))) for found in (REFUSING_DELETE, REFUSING_TRUNCATE))
    assert "audit_event" in refusing
    assert refusing - guarded == set()


def test_the_migrations_build_what_the_models_tell(app: Flask, engines: Callable[[str], Engine]):
    built, told = shape(engines("sqlite")), Base.metadata.tables
    assert built.keys() == told.keys()
    for name, table in told.items():
        assert built[name]["columns"] == {column.name: column.nullable for column in table.columns}
        checks = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        assert built[name]["checks"] == checks, name


def test_one_migration_is_the_head_and_the_pinned_file_names_it():
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    assert heads == [(ROOT / "migrations" / "HEAD").read_text().strip()]


def test_every_constraint_has_a_name(engines: Callable[[str], Engine]):
    unnamed = [
        (table, kind)
        for table, parts in shape(engines("postgresql")).items()
        for kind in ("foreign keys", "unique", "checks", "indexes")
        if None in parts[kind]
    ]
    assert unnamed == []


def test_every_foreign_key_is_indexed(engines: Callable[[str], Engine]):
    """Except who did something (`…_by`): nobody looks for these, and people are never deleted."""
    metadata = MetaData()
    metadata.reflect(engines("postgresql"))
    bare = [
        f"{table.name}.{key.column_keys[0]}"
        for table in metadata.tables.values()
        for key in table.foreign_key_constraints
        if not key.column_keys[0].endswith("_by") and not _leads(table, key.column_keys[0])
    ]
    assert bare == []


def _leads(table: Any, column: str) -> bool:
    keys = [list(table.primary_key.columns), *(list(each.columns) for each in table.indexes)]
    keys += [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    return any(columns and columns[0].name == column for columns in keys)


def test_instants_keep_their_zone_and_money_is_whole_cents(app: Flask):
    assert app.extensions["sqlalchemy"].metadata is Base.metadata
    assert Base.metadata.tables
    for table in Base.metadata.tables.values():
        kinds = {column.name: type(column.type).__name__ for column in table.columns}
        assert {"Float", "Numeric", "Double", "DateTime"}.isdisjoint(kinds.values()), table.name
        assert [n for n, kind in kinds.items() if n.endswith("_cents") and kind != "Cents"] == []
        assert [n for n, kind in kinds.items() if "deadline" in n and kind == "Date"] == []
