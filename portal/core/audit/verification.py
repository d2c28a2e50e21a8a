"""Verifying the chains: the first bad row of each object is named. Rows stream by; one object is held at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import String, exists, select, text, type_coerce
from sqlalchemy.orm import Session

from portal.core.audit.erasure import ERASED
from portal.core.audit.hashes import GENESIS, actor_hash, event_hash, values_hash
from portal.core.audit.models import AuditEvent, AuditHead

AT_ONCE = 1000
UNREADABLE = (ValueError, TypeError, AttributeError)
"""What reading a column raises when somebody wrote past its type."""
HERE = (AuditHead.subject_type == AuditEvent.subject_type) & (AuditHead.subject_id == AuditEvent.subject_id)
ROWS = (
    select(AuditEvent.__table__, AuditHead.sequence.label("end"), AuditHead.hash.label("end_hash"))
    .outerjoin(AuditHead, HERE)
    .order_by(AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.sequence)
)
"""Every event beside the end of its chain, in one statement: what is written meanwhile is not seen by half."""


@dataclass(slots=True)
class Count:
    """How much a verification has read."""

    chains: int = 0
    events: int = 0
    anchors: int = 0


def verify(session: Session, count: Count | None = None) -> Iterator[str]:
    """Yield one line for the first bad row of each object's chain; nothing when all of them hold."""
    count = count or Count()
    told: set[str] = set()
    try:
        for line in _chains(session, count):
            told.add(line)
            yield line
    except UNREADABLE:
        yield from (line for line in _around_what_cannot_be_read(session, count) if line not in told)


def _around_what_cannot_be_read(session: Session, count: Count) -> Iterator[str]:
    """SQLite takes any text for any type: name the rows that hold none of theirs, then verify the others."""
    bad = []
    for row in session.execute(text("SELECT id, subject_type, sequence FROM audit_event ORDER BY id")).all():
        here = type_coerce(AuditEvent.id, String) == str(row.id)
        try:
            session.execute(select(AuditEvent.__table__).where(here)).all()
        except UNREADABLE:
            bad.append(str(row.id))
            yield f"{row.subject_type}: row {row.sequence} ({row.id}) cannot be read: it is altered"
    count.chains = count.events = 0
    yield from _chains(session, count, without=bad)


def _chains(session: Session, count: Count, without: Sequence[str] = ()) -> Iterator[str]:
    query = ROWS.where(type_coerce(AuditEvent.id, String).not_in(without)) if without else ROWS
    rows = session.execute(query.execution_options(yield_per=AT_ONCE))
    for (subject_type, subject_id), chain in groupby(rows, key=lambda row: (row.subject_type, row.subject_id)):
        count.chains += 1
        walk = _Walk()
        for row in chain:
            count.events += 1
            walk.step(row)
        if (fault := walk.result()) is not None:
            yield f"{subject_type} {subject_id}: {fault}"
    yield from _vanished(session)


def _vanished(session: Session) -> Iterator[str]:
    """Heads that no event stands behind."""
    query = select(AuditHead).where(~exists().where(HERE), AuditHead.sequence > 0)
    try:
        heads = session.scalars(query.order_by(AuditHead.subject_type, AuditHead.subject_id)).all()
    except UNREADABLE:
        yield "audit_head: a row cannot be read: it is altered"
        return
    for head in heads:
        yield f"{head.subject_type} {head.subject_id}: row 1 is missing: the trail ends at row {head.sequence}"


@dataclass(slots=True)
class _Walk:
    """How far the rows of one object were followed, and what was wrong first."""

    end: int = 0
    end_hash: str = GENESIS
    sequence: int = 0
    hash: str = GENESIS
    faults: dict[int, str] = field(default_factory=dict)
    emptied: dict[str, dict[int, str]] = field(default_factory=lambda: {"names": {}, "values": {}})

    def step(self, row: Any) -> None:
        """Follow the chain by one row; a number that is none is a fault too."""
        try:
            self._follow(row)
        except UNREADABLE:
            self.faults.setdefault(
                self.sequence + 1, f"row {self.sequence + 1} ({row.id}) cannot be read: it is altered"
            )

    def _follow(self, row: Any) -> None:
        self.end, self.end_hash = row.end or 0, row.end_hash or GENESIS
        if not self.faults and (fault := _fault(row, self)):
            self.faults[row.sequence] = f"row {row.sequence} ({row.event}, {row.id}) {fault}"
        self._note_emptied(row)
        if row.event == ERASED:
            self._cover(row)
        self.sequence, self.hash = row.sequence + 0, row.hash

    def _note_emptied(self, row: Any) -> None:
        named = f"row {row.sequence} ({row.event}, {row.id})"
        if row.actor_name is None:
            self.emptied["names"][row.sequence] = f"{named} has lost its name, and no erasure says so"
        if _is_emptied(row):
            self.emptied["values"][row.sequence] = f"{named} has lost its values, and no erasure says so"

    def _cover(self, row: Any) -> None:
        """A declaration covers what stands before it."""
        after = row.after if isinstance(row.after, dict) else {}
        for what, emptied in self.emptied.items():
            for sequence in after.get(what) or ():
                emptied.pop(sequence, None)

    def result(self) -> str | None:
        """The first bad row, or None."""
        found = {**self.emptied["values"], **self.emptied["names"], **self.faults}
        if found:
            return found[min(found)]
        if self.sequence < self.end:
            return f"row {self.sequence + 1} is missing: the trail ends at row {self.end}"
        return None


def _fault(row: Any, walk: _Walk) -> str | None:
    if row.sequence != walk.sequence + 1:
        return f"does not follow row {walk.sequence}: row {walk.sequence + 1} is missing"
    if row.sequence > walk.end:
        return f"was added: the trail ends at row {walk.end}"
    if row.previous_hash != walk.hash:
        return "does not point to the row before it"
    return _altered(row) or (
        "is not the row at which the trail ends" if row.sequence == walk.end and row.hash != walk.end_hash else None
    )


def _altered(row: Any) -> str | None:
    if row.actor_name is not None and row.actor_hash != actor_hash(row):
        return "names somebody else"
    if not _is_emptied(row) and row.values_hash != values_hash(row):
        return "has altered values"
    return None if row.hash == event_hash(row) else "is altered"


def _is_emptied(row: Any) -> bool:
    """Whether values were there: what never had any is no erasure."""
    has_none = row.before is None and row.after is None and row.reason is None
    return has_none and row.values_hash != values_hash(row)
