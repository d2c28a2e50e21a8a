"""What the worker does for cost reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.jobs import before_slow_work, handler
from portal.milestones.costs.operations.importing import end_import, sheet_seen
from portal.milestones.costs.operations.reading_in import IMPORT_JOB


@handler(IMPORT_JOB)
def read_cost_sheet(session: Session, *, now: datetime, import_id: str) -> None:
    """Read a spreadsheet, holding no lock meanwhile; then keep all of it, or nothing."""
    with before_slow_work(session):
        read = sheet_seen(session, import_id=UUID(import_id))
    if read is not None:
        end_import(session, import_id=UUID(import_id), read=read, now=now)
