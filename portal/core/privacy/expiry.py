"""Rows whose term is over: counted, warned of, deleted, by what their table says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, delete, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.core.privacy.nature import holding_of, tables
from portal.core.privacy.purposes import WARNED_BEFORE
from portal.core.privacy.tags import Holding

NOTICE = WARNED_BEFORE.delta or timedelta(0)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A table whose rows go, its term and the instant it begins at."""

    table: Table
    holding: Holding
    term: timedelta

    @property
    def is_warned_of(self) -> bool:
        """Terms as short as the warning itself are told once, in the register: there is no time to warn."""
        return self.term > NOTICE

    def over(self, instant: datetime) -> ColumnElement[bool]:
        """The rows whose term is over at this instant."""
        ended: ColumnElement[bool] = self.table.columns[self.holding.since] <= instant - self.term
        return ended


def expiring(metadata: MetaData) -> Iterator[Expiring]:
    """Every table whose rows go by themselves, by name."""
    for table in tables(metadata):
        holding = holding_of(table)
        term = holding.kept.delta if holding and holding.kept else None
        if holding is not None and term is not None:
            yield Expiring(table, holding, term)


def outlook(session: Session, metadata: MetaData, instant: datetime) -> dict[str, int]:
    """How many rows of each table will have ended by this instant, in one statement."""
    queries = [
        select(literal(each.table.name), func.count()).select_from(each.table).where(each.over(instant))
        for each in expiring(metadata)
    ]
    found = session.execute(union_all(*queries)).all() if queries else []
    return {name: rows for name, rows in found if rows}


def let_go(session: Session, each: Expiring, instant: datetime) -> int:
    """Delete what has ended by this instant; how many rows it was."""
    gone: Any = session.execute(delete(each.table).where(each.over(instant)))
    return int(gone.rowcount)
