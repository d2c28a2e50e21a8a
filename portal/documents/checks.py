"""Invariants of stored files: the bytes are there and are those that arrived (P3); quarantine and signatures hold."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import Unavailable
from portal.documents.models import FileSignature, StoredFile
from portal.documents.queries import files_sampled
from portal.documents.rules import ScanState
from portal.documents.storage import QUARANTINE, NotStored, Storage, current_storage

JUDGED = frozenset({ScanState.CLEAN, ScanState.INFECTED})


def broken(session: Session, *, sample: int | None = None) -> Iterator[str]:
    """One line for each file that is not as it must be; `sample` looks at the bytes of so many, drawn by lot."""
    yield from _signatures_of_other_bytes(session)
    storage = current_storage()
    for file in files_sampled(session, sample):
        try:
            faults = [*_faults_of_scan(file), *_faults_of_bytes(storage, file)]
        except Unavailable:
            yield "documents: the store does not answer, files cannot be verified"
            return
        yield from (f"documents: file {file.id} {fault}" for fault in faults)


def _faults_of_bytes(storage: Storage, file: StoredFile) -> Iterator[str]:
    try:
        content = storage.get(file.storage_key)
    except NotStored:
        yield "has no bytes in the store"
        return
    if len(content) != file.size_bytes or hashlib.sha256(content).hexdigest() != file.sha256:
        yield "differs from what arrived"


def _faults_of_scan(file: StoredFile) -> Iterator[str]:
    is_set_aside = file.storage_key.startswith(QUARANTINE)
    if file.is_blocked and not (is_set_aside and file.virus):
        yield "is infected, but was not set aside"
    if not file.is_blocked and (is_set_aside or file.virus):
        yield "was set aside, but is not said to be infected"
    if (file.scanned_at is not None) != (file.scan_state in JUDGED):
        yield f"is {file.scan_state.value}, which does not fit with whether it was scanned"


def _signatures_of_other_bytes(session: Session) -> Iterator[str]:
    """A signature speaks of the bytes it was read from, and of no others."""
    query = (
        select(FileSignature.file_id)
        .join(StoredFile, StoredFile.id == FileSignature.file_id)
        .where((FileSignature.sha256 != StoredFile.sha256) | StoredFile.signatures_read_at.is_(None))
        .distinct()
        .order_by(FileSignature.file_id)
    )
    yield from (f"documents: a signature of file {each} was read from other bytes" for each in session.scalars(query))
