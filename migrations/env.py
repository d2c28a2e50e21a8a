"""Alembic's entry: the engine of the running application, the metadata of every room."""

from contextlib import contextmanager

from alembic import context
from alembic.operations.ops import CreateTableOp, DropTableOp
from flask import current_app
from sqlalchemy import JSON

from portal.core.db import Base, Cents, StoredText, UtcDateTime, database
from portal.core.db.copying import copy_tables_alone
from portal.core.db.search import SUFFIX


def run() -> None:
    """Run on the application's engine; SQLite alters tables by copying them (batch mode)."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run_on(given)
        return
    with database.engine.connect() as connection, _tables_may_be_copied(connection):
        _run_on(connection)


@contextmanager
def _tables_may_be_copied(connection):  # type: ignore[no-untyped-def]
    """SQLite changes a table by copying it: foreign keys rest meanwhile, and are all checked at the end."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    yield
    dangling = raw.execute("PRAGMA foreign_key_check").fetchall()
    raw.execute("PRAGMA foreign_keys=ON")
    if dangling:
        raise RuntimeError(f"rows that point nowhere after the migration: {dangling[:5]}")


def _plain_type(kind, item, autogen):  # type: ignore[no-untyped-def]
    """Write our column types as the plain ones below them, so that migrations outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Cents):
        return "sa.BigInteger()"
    if kind == "type" and item is StoredText:
        return "sa.JSON()"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _without_notes(_context, _revision, directives) -> None:  # type: ignore[no-untyped-def]
    """What a table says about the privacy of its rows is no part of the database."""
    for script in directives:
        for each in (*script.upgrade_ops.ops, *script.downgrade_ops.ops):
            if isinstance(each, CreateTableOp | DropTableOp):
                each.info = {}


def _is_ours(name, kind, _parent) -> bool:  # type: ignore[no-untyped-def]
    """Indexes for searching are made by hand, each engine's in its own way: tables of their own on SQLite."""
    made_by_hand = (f"{table}{SUFFIX}" in (name or "") for table in Base.metadata.tables)
    return kind not in ("table", "index") or not any(made_by_hand)


def _run_on(connection) -> None:  # type: ignore[no-untyped-def]
    copy_tables_alone()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=_is_ours,
        transactional_ddl=True,  # our engine begins for real on SQLite too
        transaction_per_migration=True,
        render_item=_plain_type,
        process_revision_directives=_without_notes,
    )
    with context.begin_transaction():
        context.run_migrations()


assert current_app
run()
