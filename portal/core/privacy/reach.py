"""Finding the rows of one person by the tags alone, in whatever table they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Table,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.core.privacy.nature import tags_of
from portal.core.privacy.tags import Match, Subject
from portal.core.privacy.treatment import Fate

OWN = ("person_id", "coach_id")
"""References that say whom a whole row is about; every other one (`…_by`) says who did something."""


Wanted = tuple[Table, str, ColumnElement[bool]]
"""What to count: a table, a label, a condition."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom to look for: the key, every name and address the account had, and the hashes of the addresses."""

    person_id: UUID
    name: str
    addresses: frozenset[str]
    address_hashes: frozenset[str] = frozenset()
    former_names: frozenset[str] = frozenset()

    @property
    def sought(self) -> dict[str, Any]:
        """What columns are compared with."""
        return {
            "who_key": self.person_id, "who_written": str(self.person_id), "who_addresses": sorted(self.addresses),
            "who_hashes": sorted(self.address_hashes),
        }  # fmt: skip

    @property
    def said(self) -> tuple[str, ...]:
        """What others may have written of the person: full names and addresses, the longest first.

        A name of one word is left out: it would be found in half of all texts.
        """
        names = {name for name in (self.name, *self.former_names) if len(name.split()) > 1}
        return tuple(sorted(names | self.addresses, key=lambda text: (-len(text), text)))


class Anybody:
    """In place of a person in a statement that is put together once: it is sent with what is `sought` of each."""

    sought: ClassVar[dict[str, Any]] = {
        "who_key": bindparam("who_key"), "who_written": bindparam("who_written"),
        "who_addresses": bindparam("who_addresses", expanding=True),
        "who_hashes": bindparam("who_hashes", expanding=True),
    }  # fmt: skip


ANYBODY = Anybody()
Who = Identity | Anybody


def theirs(table: Table, subject: Subject | None, who: Who) -> ColumnElement[bool]:
    """The condition under which a row of the table names this person as this subject."""
    if subject is None:
        return false()
    return _along(table, subject.path.split("."), subject.by, who)


def _along(table: Table, path: list[str], by: Match, who: Who) -> ColumnElement[bool]:
    column: ColumnElement[Any] = table.columns[path[0]]
    if len(path) == 1:
        return _matches(column, by, who)
    target = next(iter(table.columns[path[0]].foreign_keys)).column
    return column.in_(select(target).where(_along(target.table, path[1:], by, who)))


def _matches(column: ColumnElement[Any], by: Match, who: Who) -> ColumnElement[bool]:
    sought: dict[str, Any] = who.sought
    if by in (Match.KEY, Match.WRITTEN_KEY):
        found: ColumnElement[bool] = column == sought["who_key" if by is Match.KEY else "who_written"]
        return found
    if by is Match.ADDRESS:
        return func.lower(column).in_(sought["who_addresses"])
    return column.in_(sought["who_hashes"])


def own_rows(table: Table, who: Identity) -> ColumnElement[bool]:
    """The rows that go as a whole with their person: whatever tag names them, or whose `person_id` is theirs."""
    subjects = {tag.subject for _, tag in tags_of(table) if tag.erasure.fate is Fate.DELETE}
    found = [theirs(table, subject, who) for subject in sorted(subjects, key=str)]
    if subjects and "person_id" in table.columns:
        found.append(table.columns["person_id"] == who.person_id)
    return or_(false(), *found)


def count_of(wanted: Sequence[Wanted]) -> CompoundSelect[Any] | None:
    """One statement that counts the rows that meet each condition, whatever their number; None for none."""
    queries = [
        select(literal(table.name), literal(label), func.count().label("rows")).select_from(table).where(where)
        for table, label, where in wanted
    ]
    return union_all(*queries) if queries else None


def counted(session: Session, count: CompoundSelect[Any] | None, who: Identity) -> dict[tuple[str, str], int]:
    """How many rows of one person such a statement finds, by table and label."""
    found = session.execute(count, who.sought).all() if count is not None else []
    totals: dict[tuple[str, str], int] = {}
    for name, label, rows in found:
        if rows:
            totals[name, label] = totals.get((name, label), 0) + rows
    return totals
