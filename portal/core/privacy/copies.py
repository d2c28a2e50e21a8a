"""What is held about one person: counted for a page in one statement, and copied out whole for a download.

A copy holds what is about the person alone: values whose tag says so, the instants and closed lists of their own rows,
and when they did what. It never holds free text that others wrote or that may speak of others, nor secrets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum as PyEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Enum,
    MetaData,
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
from portal.core.privacy.reach import OWN, Identity, counted, theirs
from portal.core.privacy.treatment import Export

TOLD_BY_TYPE = (Boolean, Date, Enum, UtcDateTime, Uuid)
TOLD_BY_NAME = ("object_type",)
SHOWN = 3
"""So many values of a column stand on the page; the download has them all."""
LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Held:
    """How many rows of a table are about the person for a purpose; values where the person gets a copy of them."""

    table: str
    column: str
    purpose: str
    export: Export
    rows: int
    values: tuple[str, ...] = ()


def held(session: Session, metadata: MetaData, who: Identity) -> list[Held]:
    """What is held about the person, by table and column, in two statements whatever the number of tables."""
    named = {
        (table.name, column.name): (table, column, tag, theirs(table, tag.subject, who))
        for table in tables(metadata)
        for column, tag in tags_of(table)
        if tag.subject is not None and tag.export is not Export.NEVER
    }
    counts = counted(session, [(table, column.name, where) for table, column, _, where in named.values()])
    shown = {key: parts for key, parts in named.items() if counts.get(key) and parts[2].export is Export.SUBJECT}
    values = _values(session, shown)
    return [
        Held(*key, parts[2].purpose.key, parts[2].export, counts[key], tuple(values.get(key, ())))
        for key, parts in named.items()
        if counts.get(key)
    ]


def referred_to(session: Session, metadata: MetaData, who: Identity) -> list[tuple[str, int]]:
    """How many rows of which table refer to the person by key, in one statement."""
    wanted = [(table, table.name, column == who.person_id) for table, column in references(metadata)]
    return [(table, rows) for (table, _label), rows in sorted(counted(session, wanted).items())]


def references(metadata: MetaData) -> list[tuple[Table, Column[Any]]]:
    """Every column that refers to a person by key, table by table."""
    return [(table, column) for table in tables(metadata) for column in table.columns if refers_to_a_person(column)]


def _values(session: Session, shown: dict[tuple[str, str], Any]) -> dict[tuple[str, str], list[str]]:
    queries = []
    for (name, column_name), (table, column, _, where) in shown.items():
        newest = select(literal(name).label("t"), literal(column_name).label("c"), cast(column, Text).label("v")).where(
            where, column.is_not(None)
        )
        some = newest.order_by(table.c.id.desc()).limit(SHOWN).subquery()
        queries.append(select(some.c.t, some.c.c, some.c.v))
    values: dict[tuple[str, str], list[str]] = {}
    for name, column_name, value in session.execute(union_all(*queries)).all() if queries else ():
        known = values.setdefault((name, column_name), [])
        if value and value[:LONGEST_SHOWN] not in known:
            known.append(value[:LONGEST_SHOWN])
    return values


# ---- the whole copy ----


def copied(session: Session, metadata: MetaData, who: Identity) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """The person's own rows, table by table: values meant for them, instants, closed lists and keys."""
    for table in tables(metadata):
        meant = [(column, tag) for column, tag in tags_of(table) if tag.export is Export.SUBJECT and tag.subject]
        found = [theirs(table, tag.subject, who) for _, tag in meant]
        found += [table.columns[name] == who.person_id for name in OWN if name in table.columns]
        if found:
            rows = session.execute(select(table).where(or_(*found)).order_by(table.c.id)).mappings().all()
            parts = _told(table)
            if rows:
                yield table, [_row(row, parts, who) for row in rows]


def _told(table: Table) -> list[tuple[str, str | None]]:
    """The columns of a row that may be told, each with the column that must name the person for it (None: none)."""
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


def _row(row: Any, parts: list[tuple[str, str | None]], who: Identity) -> dict[str, Any]:
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
    for table, column in references(metadata):
        if column.name in OWN:
            continue
        stem = column.name.removesuffix("_by").removesuffix("_id")
        at = next((table.columns[n] for n in (f"{stem}_at", "at") if n in table.columns), None)
        wanted = [table.c.id, *([at] if at is not None else [])]
        query = select(*wanted).where(column == who.person_id).order_by(table.c.id)
        rows = [{"id": plain(row[0]), **({"at": plain(row[1])} if at is not None else {})}
                for row in session.execute(query)]  # fmt: skip
        if rows:
            yield table, column.name, rows


def plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, PyEnum):
        return value.value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
