"""Erasing one person from every table, by the tags: rows deleted, values blanked or replaced, mentions struck out.

The audit trail is left to its own rules (`portal.core.audit.erase_values`), and what the law keeps is left alone.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    null,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from portal.core.privacy.nature import tables, tags_of
from portal.core.privacy.reach import ANYBODY, Identity, Wanted, count_of, counted, own_rows, theirs
from portal.core.privacy.tags import ERASED, Personal
from portal.core.privacy.treatment import Because, Fate


@dataclass(slots=True)
class Erased:
    """How many rows went, how many values were emptied or mended, and what stays for which reason, by table."""

    deleted: Counter[str] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)
    kept: Counter[tuple[str, Because]] = field(default_factory=Counter)

    def as_figures(self) -> dict[str, Any]:
        """For the audit trail: figures alone."""
        kept: Counter[str] = Counter()
        for (_table, because), number in self.kept.items():
            kept[because.value] += number
        return {"deleted": dict(self.deleted), "emptied": dict(self.emptied), "kept": dict(kept)}


def erase(session: Session, metadata: MetaData, who: Identity) -> Erased:
    """Erase the values of one person in every table of the metadata; what stays is counted by its reason."""
    session.flush()
    done = Erased(kept=what_stays(session, metadata, who))
    for table in tables(metadata):
        _strike(session, table, who, done)
    for table in reversed(metadata.sorted_tables):
        _delete(session, table, who, done)
        _empty(session, table, who, done)
    session.expire_all()
    return done


def what_stays(session: Session, metadata: MetaData, who: Identity) -> Counter[tuple[str, Because]]:
    """How many rows of which table the law keeps although they name this person, by reason; one statement."""
    found = counted(session, _count_of_what_stays(tuple(tables(metadata))), who)
    return Counter({(name, Because(because)): rows for (name, because), rows in found.items()})


@cache
def _count_of_what_stays(among: tuple[Table, ...]) -> CompoundSelect[Any] | None:
    """Of anybody; put together once."""
    wanted: list[Wanted] = []
    for table in among:
        reasons = {(tag.erasure.because, tag.subject) for _, tag in tags_of(table) if tag.subject}
        for because, subject in sorted(reasons, key=str):
            if because is not None:
                wanted.append((table, because.value, theirs(table, subject, ANYBODY)))
    return count_of(wanted)


def _delete(session: Session, table: Table, who: Identity, done: Erased) -> None:
    if any(tag.erasure.fate is Fate.DELETE for _, tag in tags_of(table)):
        gone: Any = session.execute(delete(table).where(own_rows(table, who)))
        done.deleted += Counter({table.name: gone.rowcount})


def _empty(session: Session, table: Table, who: Identity, done: Erased) -> None:
    for column, tag in tags_of(table):
        if tag.erasure.fate in (Fate.BLANK, Fate.REPLACE):
            for key in session.scalars(select(table.c.id).where(theirs(table, tag.subject, who))).all():
                change = update(table).where(table.c.id == key).values({column: emptied(column, tag, key)})
                session.execute(change)
                done.emptied[table.name] += 1


def emptied(column: Any, tag: Personal, key: object) -> object:
    """What stands in place of the value: the tag's own words, nothing, or the emptiest value of its type."""
    if tag.erasure.fate is Fate.REPLACE:
        return tag.erasure.value.replace("{id}", str(key))
    if column.nullable:
        return null()
    if isinstance(column.type, LargeBinary):
        return b""
    return "" if isinstance(column.type, String | Text) else {}


def _strike(session: Session, table: Table, who: Identity, done: Erased) -> None:
    """Put ERASED in place of the name and the addresses wherever others wrote them."""
    for column, tag in tags_of(table):
        if tag.mentions:
            for key, value in session.execute(select(table.c.id, column).where(mentions(column, who))).all():
                struck = struck_out(value, who)
                if struck != value:
                    session.execute(update(table).where(table.c.id == key).values({column: struck}))
                    done.emptied[table.name] += 1


def mentions(column: Any, who: Identity) -> ColumnElement[bool]:
    """The rows whose text holds the name or an address, whatever its case and however JSON writes its accents."""
    text = func.lower(type_coerce(cast(column, Text), Text))
    written = {way for said in who.said for way in (said, json.dumps(said)[1:-1])}
    ways = {way.lower() for way in written} | {_lowered_by_sqlite(way) for way in written}
    return or_(False, *(text.contains(way, autoescape=True) for way in sorted(ways)))


def _lowered_by_sqlite(text: str) -> str:
    """SQLite lowers the letters of ASCII alone."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def struck_out(value: Any, who: Identity) -> Any:
    """The same text, list or object without the name and the addresses."""
    if isinstance(value, dict):
        return {key: struck_out(item, who) for key, item in value.items()}
    if isinstance(value, list):
        return [struck_out(item, who) for item in value]
    if not isinstance(value, str):
        return value
    for said in who.said:
        value = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", ERASED, value, flags=re.IGNORECASE)
    return value


def names(value: Any, who: Identity) -> bool:
    """Whether the name or an address stands in it as a whole: Ada Rossi is not in Ada Rossini."""
    return bool(struck_out(value, who) != value)
