"""Storing files: bytes first, then their row, so that what is acknowledged is durable (P3)."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import IO, Protocol

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.documents.content import Kept, checked_content
from portal.documents.models import StoredFile
from portal.documents.operations.examine import SCAN_JOB, SIGNATURES_JOB
from portal.documents.queries import is_known_as_infected
from portal.documents.rules import FileKind, Handling, ScanState, accepted_kind, clean_name, size_in_words
from portal.documents.scanning import current_scanner
from portal.documents.storage import current_storage


class Upload(Protocol):
    """A file as a form brings it."""

    @property
    def filename(self) -> str | None: ...

    @property
    def stream(self) -> IO[bytes]: ...


def store_upload(
    session: Session,
    *,
    upload: Upload | None,
    accept: Collection[str],
    max_bytes: int,
    actor: Actor,
    now: datetime,
    field: str = "file",
    strip: bool = False,
    present: Iterable[StoredFile] = (),
) -> StoredFile:
    """Check a file against its own content and store it; it waits for the scanner, where there is one.

    What is among the files `present` already, by bytes and name, is not stored again: that row is the answer.
    With `strip` the data its author left in it is taken out, unless it is signed.
    Raises Invalid, with the mend, when it is absent, empty, too large, not what it says, or known to be infected;
    Unavailable when the store does not answer. In either case nothing is stored.
    """
    if upload is None or not upload.filename:
        raise Invalid(lazy_("No file was chosen. Choose one and send it again."), field)
    name = clean_name(upload.filename)
    kind = accepted_kind(name, accept, field=field)
    content = _read(upload, name, max_bytes, field)
    arrived = hashlib.sha256(content).hexdigest()
    again = next((file for file in present if _is(file, arrived, name)), None)
    if again is not None and not again.is_blocked:
        return again
    if is_known_as_infected(session, arrived):
        raise Invalid(_infected_in_words(name), field)
    kept = checked_content(content, name, kind, accept, field=field, strip=strip)
    return _store_arrived(session, name, kind, kept, arrived, actor, now)


def _is(file: StoredFile, arrived: str, name: str) -> bool:
    return file.name == name and arrived in (file.received_sha256, file.sha256)


def _infected_in_words(name: str) -> object:
    """What is said of a file in which a virus was found, with the mend."""
    return lazy_(
        "A virus was found in “%(name)s”: it was set aside and nobody can open it. Check your computer with an"
        " antivirus, make the document again or take it from whoever gave it to you, and attach the new copy.",
        name=name,
    )


def _read(upload: Upload, name: str, max_bytes: int, field: str) -> bytes:
    content = upload.stream.read(max_bytes + 1)
    if not content:
        raise Invalid(lazy_("“%(name)s” is empty. Check the file and choose it again.", name=name), field)
    if len(content) > max_bytes:
        raise Invalid(
            lazy_(
                "“%(name)s” is larger than %(limit)s. Reduce it, for example with a lower scanning resolution.",
                name=name,
                limit=size_in_words(max_bytes),
            ),
            field,
        )
    return content


def _store_arrived(
    session: Session, name: str, kind: FileKind, kept: Kept, arrived: str, actor: Actor, now: datetime
) -> StoredFile:
    file = _put(name, kind.media_type, kept.content, actor, now)
    file.received_sha256, file.handling, file.is_signed = arrived, kept.handling, kept.is_signed
    if current_scanner() is not None:
        file.scan_state = ScanState.WAITING
        enqueue(session, SCAN_JOB, now=now, file_id=file.id)
    if file.is_signed:
        enqueue(session, SIGNATURES_JOB, now=now, file_id=file.id)
    return _recorded(session, file, actor, now)


def store_bytes(
    session: Session, *, name: str, media_type: str, content: bytes, actor: Actor, now: datetime
) -> StoredFile:
    """Store bytes that the portal made: they wait for no scanner. Raises Unavailable; nothing is stored then.

    When the transaction is rolled back afterwards the bytes stay without a row: nobody can reach them.
    """
    return _recorded(session, _put(name, media_type, content, actor, now), actor, now)


def _put(name: str, media_type: str, content: bytes, actor: Actor, now: datetime) -> StoredFile:
    if not content:
        raise ValueError("a stored file is never empty")
    file_id = new_id()
    key = new_id().hex
    current_storage().put(key, content)
    return StoredFile(
        id=file_id,
        name=clean_name(name),
        media_type=media_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        handling=Handling.AS_SENT,
        storage_key=key,
        scan_state=ScanState.NOT_SCANNED,
        is_signed=False,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )


def _recorded(session: Session, file: StoredFile, actor: Actor, now: datetime) -> StoredFile:
    session.add(file)
    facts = {"sha256": file.sha256, "size": file.size_bytes, "type": file.media_type}
    if file.received_sha256 and file.received_sha256 != file.sha256:
        facts["received_sha256"] = file.received_sha256
    record(session, at=now, actor=actor, event="document.store", subject=file, after=facts)
    return file
