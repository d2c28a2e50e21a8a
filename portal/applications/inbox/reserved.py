"""Applications that were admitted with a reserve which still has to be lifted, or to become an exclusion: their lines
say so as long as it is open.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, event, func, select, update
from sqlalchemy.orm import Mapper, Session

from portal.applications.models import AdmissibilityReserve, InboxEntry, ReserveOutcome
from portal.applications.rules import LEFT

ENTRY: Any = InboxEntry.__table__


def with_open_reserve() -> ColumnElement[bool]:
    """Of a line of the office's list: its application has a reserve that nobody has decided, and has not left."""
    open_ones = select(AdmissibilityReserve.application_id).where(~AdmissibilityReserve.outcome.has())
    return InboxEntry.application_id.in_(open_ones) & InboxEntry.status.not_in(LEFT)


def list_reserves(session: Session) -> None:
    """Write anew which lines have one."""
    session.execute(update(ENTRY).values(reserved_at=None))
    session.execute(update(ENTRY).where(with_open_reserve()).values(reserved_at=_since()))


def _since() -> ScalarSelect[Any]:
    newest = select(func.max(AdmissibilityReserve.at))
    return newest.where(AdmissibilityReserve.application_id == ENTRY.c.application_id).scalar_subquery()


def keep_reserves() -> None:
    """From now on a line tells its reserve in the flush that writes or decides it."""
    if not event.contains(AdmissibilityReserve, "after_insert", _made):
        event.listen(AdmissibilityReserve, "after_insert", _made)
        event.listen(ReserveOutcome, "after_insert", _decided)


def _made(_mapper: Mapper[Any], connection: Connection, reserve: AdmissibilityReserve) -> None:
    of_it = ENTRY.c.application_id == reserve.application_id
    connection.execute(update(ENTRY).where(of_it).values(reserved_at=reserve.at))


def _decided(_mapper: Mapper[Any], connection: Connection, outcome: ReserveOutcome) -> None:
    applied = select(AdmissibilityReserve.application_id).where(AdmissibilityReserve.id == outcome.reserve_id)
    of_it = ENTRY.c.application_id == applied.scalar_subquery()
    connection.execute(update(ENTRY).where(of_it).values(reserved_at=None))
