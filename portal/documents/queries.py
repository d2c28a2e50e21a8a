"""Reading stored files. Who may read one is decided by the room that owns its link."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.documents.models import StoredFile


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
