"""Engines: SQLite set for one machine and durable commits, PostgreSQL for more than one."""

from typing import Any

from sqlalchemy import Engine, create_engine, event

from portal.core.db.types import json_text

STATEMENTS_KEPT = 1500
"""Put together once: the pages of the portal send many more than the 500 that SQLAlchemy keeps."""
SQLITE_PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine` on this address; no error ever quotes the values of a statement."""
    both = {"hide_parameters": True, "json_serializer": json_text, "query_cache_size": STATEMENTS_KEPT}
    if url.startswith("sqlite"):
        return both | {"connect_args": {"check_same_thread": False, "timeout": 10}}
    return both | {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "pool_timeout": 10}


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with the house's settings, whatever the dialect."""
    engine = create_engine(url, **(engine_options(url) | options))
    prepare_engine(engine)
    return engine


def prepare_engine(engine: Engine) -> None:
    """Attach the house's settings to an engine made elsewhere."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_for_reading_or_writing)
    else:
        event.listen(engine, "connect", _set_zone)


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_for_reading_or_writing(connection: Any) -> None:
    """A writer takes the lock at BEGIN, so that it can never fail at its first write."""
    read_only = connection.get_execution_options().get("ro")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _set_zone(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()
