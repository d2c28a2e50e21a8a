"""What closes a rehearsal for good: nothing of its call, its organisations or its people is written any more.

Apart from `operations` since it stands behind those of every room. Each row that goes to the database is followed along
its foreign keys; a statement in bulk passes by the rows of closed rehearsals, whatever else it changes.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, event, exists, func, inspect, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from portal.access.models import Organisation, Person, RoleGrant, TieRow
from portal.applications.models import Application
from portal.calls.models import Call
from portal.core.db import Base
from portal.core.errors import Closed
from portal.core.i18n import lazy_
from portal.core.jobs import ends_a_job
from portal.grants.models import Grant
from portal.ledger.models import LedgerEntry
from portal.milestones.costs.models import CostReport
from portal.questionnaires.models import AnswerSheet
from portal.rehearsal.models import Rehearsal, RehearsalStep
from portal.rehearsal.rules import RehearsalStatus
from portal.rehearsal.twin import DOMAIN_LENGTH, domain_of

CALL, SHEET = Call.__tablename__, AnswerSheet.__tablename__
ORGANISATION, PERSON = Organisation.__tablename__, Person.__tablename__
GOALS = (CALL, SHEET, ORGANISATION, PERSON)
OWN = frozenset({Rehearsal.__tablename__, RehearsalStep.__tablename__})
ACTING = frozenset({RoleGrant.__tablename__, TieRow.__tablename__})
"""What lets people act; whatever else names a person is theirs only in passing."""
CLOSED = select(Rehearsal.id).where(Rehearsal.status == RehearsalStatus.CLOSED)
CLOSED_CALLS = select(Rehearsal.call_id).where(
    Rehearsal.status == RehearsalStatus.CLOSED, Rehearsal.call_id.is_not(None)
)
KNOWN = "domains of closed rehearsals"
Way = tuple[Column[Any], ...]
"""Foreign keys that lead from a table to a goal, one after the other; none where the table is the goal."""
Touched = dict[str, set[UUID]]
"""Keys of rows by table."""


class RehearsalClosed(Closed):
    """A closed rehearsal is read and never changed."""

    default = lazy_("This rehearsal is closed: it can be read, and nothing of it can change any more.")


def _refuse_changes(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    """Rows that are there already, as they stand in the database, and whatever any row would hang on."""
    there = [*(each for each in session.dirty if session.is_modified(each)), *session.deleted]
    touched = _above([*session.new, *there])
    for row in there:
        touched[inspect(type(row)).local_table.name].add(row.id)
    _refuse(session, touched)


def _refuse_additions(session: Session, _flush: UOWTransaction) -> None:
    """New rows once more: what they were given as an object they know by its key only now."""
    _refuse(session, _above(session.new))
    if any(isinstance(each, Rehearsal) for each in (*session.new, *session.dirty)):
        session.info.pop(KNOWN, None)


def _spare(state: ORMExecuteState) -> None:
    """Keep a statement in bulk from the rows of closed rehearsals."""
    if not (state.is_update or state.is_delete):
        return
    statement: Any = state.statement
    table: Table = statement.table
    is_ours = table.metadata is Base.metadata and _goals_of(table.name)
    domains = _closed_domains(state.session) if is_ours else ()
    if domains:
        closed = select(table.c.id).where(or_(*_of_closed(table.name, domains))).correlate(None)
        state.statement = statement.where(table.c.id.not_in(closed))


def _ask_again(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(KNOWN, None)


WATCHED: tuple[tuple[str, Any], ...] = (
    ("before_flush", _refuse_changes),
    ("after_flush", _refuse_additions),
    ("do_orm_execute", _spare),
    ("after_transaction_end", _ask_again),
)


def keep_closed_rehearsals() -> None:
    """From now on every session keeps closed rehearsals as they are; a job that would change one is over."""
    ends_a_job(RehearsalClosed)
    for name, listener in WATCHED:
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def _refuse(session: Session, touched: Touched) -> None:
    touched = {name: keys - {None} for name, keys in touched.items() if _goals_of(name)}
    domains = _closed_domains(session) if any(touched.values()) else ()
    if not domains:
        return
    found = [exists(_rows(name, keys, domains)) for name, keys in touched.items() if keys]
    with session.no_autoflush:
        if session.scalar(select(or_(*found))):
            raise RehearsalClosed


def _rows(name: str, keys: set[UUID], domains: Iterable[str]) -> Select[Any]:
    table = Base.metadata.tables[name]
    return select(table.c.id).where(table.c.id.in_(keys), or_(*_of_closed(name, domains)))


def _closed_domains(session: Session) -> tuple[str, ...]:
    """Where the addresses of closed rehearsals end: asked once in a transaction, until it closes one itself."""
    if KNOWN not in session.info:
        with session.no_autoflush:
            session.info[KNOWN] = tuple(domain_of(key) for key in session.scalars(CLOSED))
    return cast("tuple[str, ...]", session.info[KNOWN])


def _above(rows: Iterable[Any]) -> Touched:
    """What rows hang on, along the first step of each way."""
    touched: Touched = defaultdict(set)
    for row in rows:
        if isinstance(row, LedgerEntry):
            touched[row.subject_type].add(row.subject_id)
            continue
        mapper = inspect(type(row))
        for goal in _goals_of(mapper.local_table.name):
            if way := way_to(mapper.local_table.name, goal):
                touched[_parent(way[0])].add(getattr(row, mapper.get_property_by_column(way[0]).key))
    return touched


def _of_closed(name: str, domains: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions on a table, of which one holds for each of its rows that belongs to a closed rehearsal."""
    for goal in _goals_of(name):
        condition = _is_closed(goal, domains)
        here = Base.metadata.tables[goal]
        for column in reversed(way_to(name, goal) or ()):
            condition, here = column.in_(select(here.c.id).where(condition)), column.table
        yield condition


def _is_closed(goal: str, domains: Iterable[str]) -> ColumnElement[bool]:
    table = Base.metadata.tables[goal]
    if goal == CALL:
        return table.c.id.in_(CLOSED_CALLS)
    if goal == SHEET:
        asked = select(Application.sheet_id).where(Application.call_id.in_(CLOSED_CALLS))
        reported = select(CostReport.sheet_id).join(Grant).where(Grant.call_id.in_(CLOSED_CALLS))
        return or_(table.c.id.in_(asked), table.c.id.in_(reported.where(CostReport.sheet_id.is_not(None))))
    ending = func.substr(table.c.email, func.length(table.c.email) - DOMAIN_LENGTH + 1)
    return ending.in_(tuple(domains))


@cache
def _goals_of(name: str) -> tuple[str, ...]:
    return tuple(goal for goal in GOALS if way_to(name, goal) is not None)


@cache
def way_to(name: str, goal: str) -> Way | None:
    """The shortest way along foreign keys, or None; to a sheet and to a person only the direct one."""
    if name in OWN or name not in Base.metadata.tables:
        return None
    if name == goal:
        return ()
    if goal == PERSON:
        return (Base.metadata.tables[name].c.person_id,) if name in ACTING else None
    waiting: deque[tuple[str, Way]] = deque([(name, ())])
    seen = {name}
    while waiting:
        here, way = waiting.popleft()
        for key in sorted(Base.metadata.tables[here].foreign_keys, key=lambda each: str(each.parent)):
            parent = key.column.table.name
            if parent == goal:
                return (*way, key.parent)
            if parent not in seen and parent not in OWN and goal != SHEET:
                seen.add(parent)
                waiting.append((parent, (*way, key.parent)))
    return None


def _parent(column: Column[Any]) -> str:
    return next(iter(column.foreign_keys)).column.table.name
