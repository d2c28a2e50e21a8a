"""What the worker does for files: scan, read signatures, and look again at what still waits."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from portal.core.jobs import enqueue, handler, periodic
from portal.documents.operations.examine import FORGET_JOB, SCAN_JOB, SIGNATURES_JOB, read_signatures, scan_file
from portal.documents.queries import files_never_scanned, files_waiting_since
from portal.documents.scanning import ScannerSilent, current_scanner
from portal.documents.storage import current_storage

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
LOOKED_AGAIN = timedelta(hours=1)
MOST_AT_ONCE = 200
log = structlog.get_logger("documents")


@handler(SCAN_JOB)
def scan(session: Session, *, now: datetime, file_id: str, turn: int = 0) -> None:
    """Scan a file; while the scanner is silent come back, later each time: the job never fails for that."""
    try:
        scan_file(session, file_id=UUID(file_id), now=now)
    except ScannerSilent as silent:
        session.rollback()
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(turn, 10))
        log.warning("the scanner does not answer", reason=str(silent), again_in=int(wait.total_seconds()))
        enqueue(session, SCAN_JOB, now=now, run_at=now + wait, file_id=file_id, turn=turn + 1)


@handler(SIGNATURES_JOB)
def look_at_signatures(session: Session, *, now: datetime, file_id: str) -> None:
    """Read the signatures of a file."""
    read_signatures(session, file_id=UUID(file_id), now=now)


@handler(FORGET_JOB)
def forget_bytes(session: Session, *, now: datetime, key: str) -> None:
    """After an infected file was set aside, remove its bytes from where files are served."""
    current_storage().delete(key)


@periodic("documents.look_again", every=LOOKED_AGAIN)
def look_again(session: Session, *, now: datetime) -> None:
    """While a scanner answers: files whose scan was lost, and those from before there was one, some at a time."""
    scanner = current_scanner()
    if scanner is None or scanner.ready() is not None:
        return
    lost = files_waiting_since(session, now - LOOKED_AGAIN, MOST_AT_ONCE)
    for file_id in [*lost, *files_never_scanned(session, MOST_AT_ONCE)]:
        enqueue(session, SCAN_JOB, now=now, file_id=file_id)
