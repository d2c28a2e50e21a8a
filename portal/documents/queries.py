"""Reading stored files. Who may read one is decided by the room that owns its link."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.documents.models import FileSignature, StoredFile
from portal.documents.rules import ScanState


def stored_file(session: Session, file_id: UUID) -> StoredFile:
    """One file; NotFound when there is none."""
    file = session.get(StoredFile, file_id)
    if file is None:
        raise NotFound
    return file


def files_sampled(session: Session, sample: int | None) -> list[StoredFile]:
    """Every file by age, or so many of them drawn by lot."""
    query = select(StoredFile).order_by(StoredFile.uploaded_at, StoredFile.id)
    if sample is not None:
        drawn = select(StoredFile.id).order_by(func.random()).limit(sample).subquery()
        query = query.where(StoredFile.id.in_(select(drawn.c.id)))
    return list(session.scalars(query))


def is_known_as_infected(session: Session, sha256: str) -> bool:
    """Whether a virus was found before in exactly these bytes."""
    same = or_(StoredFile.received_sha256 == sha256, StoredFile.sha256 == sha256)
    query = select(StoredFile.id).where(same, StoredFile.scan_state == ScanState.INFECTED).limit(1)
    return session.scalars(query).first() is not None


def files_waiting_since(session: Session, instant: datetime, most: int) -> list[UUID]:
    """The files that arrived before an instant and still wait for their scan, the oldest first."""
    waiting = (StoredFile.scan_state == ScanState.WAITING) & (StoredFile.uploaded_at < instant)
    return list(session.scalars(_oldest(waiting, most)))


def files_never_scanned(session: Session, most: int) -> list[UUID]:
    """Files that came when no scanner was configured, the oldest first; they are served meanwhile."""
    return list(session.scalars(_oldest(StoredFile.scan_state == ScanState.NOT_SCANNED, most)))


def _oldest(which: ColumnElement[bool], most: int) -> Select[UUID]:
    return select(StoredFile.id).where(which).order_by(StoredFile.uploaded_at, StoredFile.id).limit(most)


def signatures_of(session: Session, files: Iterable[StoredFile]) -> dict[UUID, list[FileSignature]]:
    """The signatures of these files in their order; one statement, none where no file is signed."""
    signed = {file.id for file in files if file.is_signed}
    found: dict[UUID, list[FileSignature]] = defaultdict(list)
    if signed:
        query = select(FileSignature).where(FileSignature.file_id.in_(signed))
        for row in session.scalars(query.order_by(FileSignature.file_id, FileSignature.position)):
            found[row.file_id].append(row)
    return found
