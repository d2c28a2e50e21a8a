"""What closes a rehearsal for good: nothing that belongs to its call is written any more, whoever asks.

Apart from `operations` since it stands behind those of every room: before rows go to the database, each is followed
along its foreign keys to the call that it belongs to.
"""

from collections import deque
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from portal.applications.models import Application
from portal.calls.models import Call
from portal.core.db import Base
from portal.core.errors import Closed
from portal.core.i18n import lazy_
from portal.ledger.models import LedgerEntry
from portal.questionnaires.models import AnswerSheet
from portal.rehearsal.models import Rehearsal, RehearsalStep
from portal.rehearsal.rules import RehearsalStatus

CALL, SHEET = Call.__tablename__, AnswerSheet.__tablename__
OWN = frozenset({Rehearsal.__tablename__, RehearsalStep.__tablename__})
Way = tuple[Column[Any], ...]
"""Foreign keys that lead from a table to the call, one after the other; none where nothing leads there."""


class RehearsalClosed(Closed):
    """A closed rehearsal is read and never changed."""

    default = lazy_("This rehearsal is closed: it can be read, and nothing of it can change any more.")


def keep_closed_rehearsals() -> None:
    """From now on every session refuses to write what belongs to a closed rehearsal."""
    if not event.contains(Session, "before_flush", _refuse):
        event.listen(Session, "before_flush", _refuse)


def _refuse(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    with session.no_autoflush:
        of_closed = select(Rehearsal.call_id).where(Rehearsal.status == RehearsalStatus.CLOSED)
        closed = set(session.scalars(of_closed)) - {None}
        if closed and any(call_of(session, table, key) in closed for table, key in _written(session)):
            raise RehearsalClosed


def _written(session: Session) -> Iterator[tuple[str, Any]]:
    """What this flush would change: for each row the table and key of what it hangs on."""
    changed = (each for each in session.dirty if session.is_modified(each))
    for row in [*session.new, *changed, *session.deleted]:
        table: Table = inspect(type(row)).local_table
        if isinstance(row, LedgerEntry):
            yield row.subject_type, row.subject_id
        elif table.name == CALL:
            yield CALL, row.id
        elif way := way_to_call(table.name):
            attribute = inspect(type(row)).get_property_by_column(way[0]).key
            yield _parent(way[0]), getattr(row, attribute)


def call_of(session: Session, table: str, key: UUID | None) -> UUID | None:
    """The call that a row belongs to, if it belongs to one."""
    if key is None or table == CALL:
        return key
    if table == SHEET:
        return session.scalar(select(Application.call_id).where(Application.sheet_id == key))
    way = way_to_call(table)
    if not way:
        return None
    query = select(way[-1])
    for earlier, later in pairwise(way):
        query = query.where(earlier == later.table.c.id)
    found: UUID | None = session.scalar(query.where(way[0].table.c.id == key))
    return found


@cache
def way_to_call(table: str) -> Way:
    """The shortest way along foreign keys; answers reach the call through the sheet of an application."""
    if table in OWN:
        return ()
    waiting: deque[tuple[str, Way]] = deque([(table, ())])
    seen = {table}
    while waiting:
        here, way = waiting.popleft()
        for key in sorted(Base.metadata.tables[here].foreign_keys, key=lambda each: str(each.parent)):
            parent = key.column.table.name
            if parent == CALL or (parent == SHEET and not way):
                return (*way, key.parent)
            if parent not in seen and parent not in OWN:
                seen.add(parent)
                waiting.append((parent, (*way, key.parent)))
    return ()


def _parent(column: Column[Any]) -> str:
    return next(iter(column.foreign_keys)).column.table.name
