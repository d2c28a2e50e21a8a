"""What the worker does for cost reports."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.core.jobs import before_slow_work, enqueue, handler
from portal.milestones.costs.models import CostImport
from portal.milestones.costs.operations.importing import StillScanned, end_import, sheet_seen
from portal.milestones.costs.operations.reading_in import IMPORT_JOB

LOOK_AGAIN = timedelta(seconds=5)
"""How soon a file that is still looked through for viruses is asked for again."""


@handler(IMPORT_JOB)
def read_cost_sheet(session: Session, *, now: datetime, import_id: str) -> None:
    """Read a spreadsheet once no virus was found in it, holding no lock meanwhile; then keep all of it, or nothing."""
    try:
        with before_slow_work(session):
            read = sheet_seen(session, import_id=UUID(import_id), tell=_telling(session, UUID(import_id)))
    except StillScanned:
        session.rollback()
        enqueue(session, IMPORT_JOB, now=now, run_at=now + LOOK_AGAIN, import_id=import_id)
        return
    if read is not None:
        end_import(session, import_id=UUID(import_id), read=read, now=now)


def _telling(session: Session, import_id: UUID) -> Callable[[int], None]:
    """Write how far it is in a transaction of its own, as pages ask for it meanwhile; it never stops the work."""
    bind = session.get_bind()

    def tell(percent: int) -> None:
        with suppress(OperationalError), Session(bind) as own:
            own.execute(update(CostImport).where(CostImport.id == import_id).values(percent=percent))
            own.commit()

    return tell
