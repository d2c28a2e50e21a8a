"""What is held about one person: counted for a page in one statement, and copied out whole for a download.

A copy holds what is about the person alone: values whose tag says so, the instants and closed lists of their own rows,
and when they did what. It never holds free text that others wrote or that may speak of others, nor secrets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum as PyEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    CompoundSelect,
    Date,
    Enum,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    cast,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.core.db.types import UtcDateTime
from portal.core.privacy.nature import Nature, nature_of, refers_to_a_person, tables, tag_of, tags_of
from portal.core.privacy.reach import ANYBODY, OWN, Identity, count_of, counted, theirs
from portal.core.privacy.tags import Personal
from portal.core.privacy.treatment import Export

TOLD_BY_TYPE = (Boolean, Date, Enum, UtcDateTime, Uuid)
TOLD_BY_NAME = ("object_type",)
SHOWN = 3
"""So many values of a column stand on the page; the download has them all."""
LONGEST_SHOWN = 120
Parts = list[tuple[str, str | None]]
"""The columns of a row that may be told, each with the column that must name the person for it (None: none)."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many rows of a table are about the person for a purpose; values where the person gets a copy of them."""

    table: str
    column: str
    purpose: str
    export: Export
    rows: int
    values: tuple[str, ...] = ()


Named = dict[tuple[str, str], tuple[Table, Column[Any], Personal]]
"""Columns that name people, by table and column."""


def held(session: Session, metadata: MetaData, who: Identity) -> list[Held]:
    """What is held about the person, by table and column, in two statements whatever the number of tables."""
    named, count = _naming(tuple(tables(metadata)))
    counts = counted(session, count, who)
    found = {key: parts for key, parts in named.items() if counts.get(key)}
    values = _values(session, {key: parts for key, parts in found.items() if parts[2].export is Export.SUBJECT}, who)
    return [
        Held(*key, tag.purpose.key, tag.export, counts[key], tuple(values.get(key, ())))
        for key, (_table, _column, tag) in found.items()
    ]


@cache
def _naming(among: tuple[Table, ...]) -> tuple[Named, CompoundSelect[Any] | None]:
    """The columns whose values one may see, and the statement that counts them; put together once."""
    named = {
        (table.name, column.name): (table, column, tag)
        for table in among
        for column, tag in tags_of(table)
        if tag.subject is not None and tag.export is not Export.NEVER
    }
    return named, count_of([(t, column.name, theirs(t, tag.subject, ANYBODY)) for t, column, tag in named.values()])


def referred_to(session: Session, metadata: MetaData, who: Identity) -> list[tuple[str, int]]:
    """How many rows of which table refer to the person by key, in one statement."""
    found = counted(session, _count_of_references(tuple(tables(metadata))), who)
    return [(table, rows) for (table, _label), rows in sorted(found.items())]


@cache
def _count_of_references(among: tuple[Table, ...]) -> CompoundSelect[Any] | None:
    key = ANYBODY.sought["who_key"]
    return count_of([(table, table.name, column == key) for table, column in references(among)])


def references(among: tuple[Table, ...]) -> list[tuple[Table, Column[Any]]]:
    """Every column that refers to a person by key, table by table."""
    return [(table, column) for table in among for column in table.columns if refers_to_a_person(column)]


def _values(session: Session, shown: Named, who: Identity) -> dict[tuple[str, str], list[str]]:
    queries = []
    for (name, column_name), (table, column, tag) in shown.items():
        newest = select(literal(name).label("t"), literal(column_name).label("c"), cast(column, Text).label("v")).where(
            theirs(table, tag.subject, ANYBODY), column.is_not(None)
        )
        some = newest.order_by(table.c.id.desc()).limit(SHOWN).subquery()
        queries.append(select(some.c.t, some.c.c, some.c.v))
    values: dict[tuple[str, str], list[str]] = {}
    for name, column_name, value in session.execute(union_all(*queries), who.sought).all() if queries else ():
        known = values.setdefault((name, column_name), [])
        if value and value[:LONGEST_SHOWN] not in known:
            known.append(value[:LONGEST_SHOWN])
    return values


# ---- the whole copy ----


def copied(session: Session, metadata: MetaData, who: Identity) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """The person's own rows, table by table: values meant for them, instants, closed lists and keys."""
    for table, query, parts in _copies(tuple(tables(metadata))):
        rows = session.execute(query, who.sought).mappings().all()
        if rows:
            yield table, [_row(row, parts, who) for row in rows]


@cache
def _copies(among: tuple[Table, ...]) -> list[tuple[Table, Select[Any], Parts]]:
    """The statement for each table that holds rows of people, and what is told of them; put together once."""
    made = []
    for table in among:
        meant = [tag for _column, tag in tags_of(table) if tag.export is Export.SUBJECT and tag.subject]
        found = [theirs(table, tag.subject, ANYBODY) for tag in meant]
        found += [table.columns[name] == ANYBODY.sought["who_key"] for name in OWN if name in table.columns]
        if found:
            made.append((table, select(table).where(or_(*found)).order_by(table.c.id), _told(table)))
    return made


def _told(table: Table) -> Parts:
    """What may be told of a row."""
    return [(column.name, whose) for column in table.columns for is_told, whose in [_is_told(column)] if is_told]


def _is_told(column: Column[Any]) -> tuple[bool, str | None]:
    """Not: other people's keys, secrets, text of others."""
    nature = nature_of(column)
    if nature is Nature.REFERENCE:
        return True, column.name
    if nature is Nature.IMPERSONAL:
        return isinstance(column.type, TOLD_BY_TYPE) or column.name in TOLD_BY_NAME, None
    tag = tag_of(column)
    if tag is None or tag.subject is None or tag.export is not Export.SUBJECT:
        return False, None
    return True, tag.subject.path


def _row(row: Any, parts: Parts, who: Identity) -> dict[str, Any]:
    return {
        name: plain(row[name])
        for name, whose in parts
        if row[name] is not None and (whose is None or _names(row, whose, who))
    }


def _names(row: Any, path: str, who: Identity) -> bool:
    """Whether this very column, of a row found by any of its subjects, is about the person."""
    value = row.get(path)
    if isinstance(value, UUID):
        return value == who.person_id
    return isinstance(value, str) and (value.lower() in who.addresses or value in who.address_hashes)


def acts_of(session: Session, metadata: MetaData, who: Identity) -> Iterator[tuple[Table, str, list[dict[str, Any]]]]:
    """What the person did in rows about something else: their keys, and the instant where the row has one."""
    for table, name, query in _acts(tuple(tables(metadata))):
        rows = [dict(zip(("id", "at"), map(plain, row), strict=False)) for row in session.execute(query, who.sought)]
        if rows:
            yield table, name, rows


@cache
def _acts(among: tuple[Table, ...]) -> list[tuple[Table, str, Select[Any]]]:
    """The statement for each column that says who did something; put together once."""
    made = []
    for table, column in references(among):
        if column.name not in OWN:
            stem = column.name.removesuffix("_by").removesuffix("_id")
            at = next((table.columns[n] for n in (f"{stem}_at", "at") if n in table.columns), None)
            wanted = [table.c.id, *([at] if at is not None else [])]
            query = select(*wanted).where(column == ANYBODY.sought["who_key"]).order_by(table.c.id)
            made.append((table, column.name, query))
    return made


def plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, PyEnum):
        return value.value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
