"""Invariants of stored files: the bytes of every row are there, and are those that arrived (P3)."""

import hashlib
from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.core.errors import Unavailable
from portal.documents.models import StoredFile
from portal.documents.queries import files_sampled
from portal.documents.storage import NotStored, Storage, current_storage


def broken(session: Session, *, sample: int | None = None) -> Iterator[str]:
    """One line for each file whose bytes are missing or differ; `sample` looks at so many, drawn by lot."""
    storage = current_storage()
    for file in files_sampled(session, sample):
        try:
            fault = _fault(storage, file)
        except Unavailable:
            yield "documents: the store does not answer, files cannot be verified"
            return
        if fault:
            yield f"documents: file {file.id} {fault}"


def _fault(storage: Storage, file: StoredFile) -> str | None:
    try:
        content = storage.get(file.storage_key)
    except NotStored:
        return "has no bytes in the store"
    if len(content) != file.size_bytes or hashlib.sha256(content).hexdigest() != file.sha256:
        return "differs from what arrived"
    return None
