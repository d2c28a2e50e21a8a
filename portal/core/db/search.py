"""Full-text search over a column of words, written once per dialect: FTS5 on SQLite, a tsvector on PostgreSQL.

What is stored are words as `stems` made them, separated by blanks: both engines only look them up, so both find the
same. `terms` are alternatives of one word each: every term must be found, by one of its alternatives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, Text, cast, column, literal, literal_column, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute

Words = Text().with_variant(TSVECTOR(), "postgresql")
"""The type of a column of words."""
Terms = Sequence[frozenset[str]]
SUFFIX = "_search"
"""What the index of a table is called by, after its name: on SQLite a table of its own, with triggers."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A mapped column of words, and the unique whole number beside it by which lists are ordered."""

    words: InstrumentedAttribute[Any]
    number: InstrumentedAttribute[int]

    @property
    def index(self) -> str:
        """The name of the index."""
        return f"{self.words.class_.__tablename__}{SUFFIX}"


def search_index(dialect: str, table_name: str, *, words: str, number: str) -> list[str]:
    """Statements that make the index and keep it up to date in the transaction of each change."""
    name = f"{table_name}{SUFFIX}"
    if dialect == "postgresql":
        return [f"CREATE INDEX {name} ON {table_name} USING gin ({words})"]
    into = f"INSERT INTO {name}"
    gone = f"{into} ({name}, rowid, {words}) VALUES ('delete', OLD.{number}, OLD.{words});"
    new = f"{into} (rowid, {words}) VALUES (NEW.{number}, NEW.{words});"
    kept = f"content='{table_name}', content_rowid='{number}', detail='none'"
    return [
        f"CREATE VIRTUAL TABLE {name} USING fts5({words}, {kept}, tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table_name} BEGIN {new} END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table_name} BEGIN {gone} END",
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF {words}, {number} ON {table_name} BEGIN {gone} {new} END",
    ]


def no_search_index(dialect: str, table_name: str) -> list[str]:
    """Statements that take the index away."""
    name = f"{table_name}{SUFFIX}"
    if dialect == "postgresql":
        return [f"DROP INDEX {name}"]
    return [*(f"DROP TRIGGER {name}_{change}" for change in ("insert", "delete", "update")), f"DROP TABLE {name}"]


def rebuilt(dialect: str, table_name: str) -> list[str]:
    """Statements that write the index anew from the words."""
    name = f"{table_name}{SUFFIX}"
    if dialect == "postgresql":
        return [f"REINDEX INDEX {name}"]
    into = f"INSERT INTO {name}"
    return [f"{into} ({name}) VALUES ('rebuild')"]


def found(query: Select[Any], terms: Terms, *, searched: Searched, dialect: str) -> tuple[Select[Any], Any]:
    """The query narrowed to rows with every term, and the column to order it by.

    On SQLite the index itself walks in the order of `number`, so that a page of a common word reads a page of rows.
    """
    if dialect == "postgresql":
        asked = " & ".join(f"({' | '.join(sorted(each))})" for each in terms)
        return query.where(searched.words.op("@@")(cast(literal(asked), TSQUERY))), searched.number
    index = table(searched.index, column("rowid", BigInteger))
    asked = " AND ".join(f"({' OR '.join(_quoted(word) for word in sorted(each))})" for each in terms)
    matching = literal_column(searched.index).op("MATCH", is_comparison=True)(asked)
    walked = literal_column(f"+{searched.index}.rowid", BigInteger)  # the sign keeps SQLite from asking row by row
    return query.join(index, walked == searched.number).where(matching), index.c.rowid


def _quoted(word: str) -> str:
    return f'"{word}"'
