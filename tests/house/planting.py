"""Canaries: a mark in every text of a database, so that whatever leaks says from which column it came."""

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import JSON, Column, Enum, String, Table, Text, select
from sqlalchemy.orm import Session

from portal.core.db import Base, database

MARK = "Zq"
CANARY = re.compile(rf"{MARK}(\w+)-(\w+){MARK}")
WRITTEN = 100
"""Columns at least so long hold what people write; shorter ones hold codes."""
TECHNICAL = re.compile(
    r"hash|sha256|storage_key|media_type|credential|sealed|locale|path|wanted|location|owner|digest|issuer|claim|acr"
)
"""Columns that machines read."""
CODES = (
    "organisation.fiscal_code", "application.reference", "grant_award.reference", "payment_order.message_id",
    "payment_line.end_to_end_id",
)  # fmt: skip
"""Short columns that cannot be marked; their values are unique, and are looked for as they are."""


@dataclass(frozen=True)
class Planted:
    """What must not be found: marks are in the texts themselves."""

    codes: frozenset[str]
    keys: frozenset[str]

    def found_in(self, text: str, *, with_keys: bool = True) -> set[str]:
        """The columns, codes and keys that a text gives away."""
        leaked = {f"{table}.{column}" for table, column in CANARY.findall(text)}
        leaked |= {code for code in self.codes if code in text}
        if with_keys:
            leaked |= self.keys & set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", text))
        return leaked


def plant(app: Flask) -> Planted:
    """Mark every text of the database as it stands. Guards are taken off while it is done, and put back."""
    with app.app_context():
        raw = database.engine.raw_connection()
        live = raw.driver_connection
        assert isinstance(live, sqlite3.Connection)
        guards = live.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            live.execute(f"DROP TRIGGER {name}")
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                _mark(live, table, column)
        for _, sql in guards:
            live.execute(sql)
        live.commit()
        raw.close()
        return _planted()


def _mark(live: sqlite3.Connection, table: Table, column: Column[Any]) -> None:
    mark = f"{MARK}{table.name}-{column.name}{MARK}"
    if isinstance(column.type, JSON):
        for key, document in live.execute(f"SELECT id, {column.name} FROM {table.name}").fetchall():
            if document not in (None, "null"):
                marked = json.dumps(_marked(json.loads(document), mark))
                live.execute(f"UPDATE {table.name} SET {column.name} = ? WHERE id = ?", (marked, key))
    elif _is_written(column):
        live.execute(f"UPDATE {table.name} SET {column.name} = ? || {column.name}", (mark,))


def _is_written(column: Column[Any]) -> bool:
    """Whether people write into this column."""
    if not isinstance(column.type, String) or isinstance(column.type, Enum) or TECHNICAL.search(column.name):
        return False
    return isinstance(column.type, Text) or (column.type.length or 0) >= WRITTEN


def _marked(value: Any, mark: str) -> Any:
    """The same document, its texts marked; a string without a blank may be a code that machines read."""
    if isinstance(value, dict):
        return {key: _marked(each, mark) for key, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, mark) for each in value]
    return mark + value if isinstance(value, str) and " " in value else value


def _planted() -> Planted:
    tables = Base.metadata.tables
    with Session(database.engine) as session:
        codes = [
            session.scalars(select(tables[name.partition(".")[0]].c[name.partition(".")[2]])).all() for name in CODES
        ]
        keys = [session.scalars(select(table.c.id)).all() for table in tables.values()]
    return Planted(
        codes=frozenset(str(code) for each in codes for code in each if code),
        keys=frozenset(str(key) for each in keys for key in each if isinstance(key, UUID)),
    )
