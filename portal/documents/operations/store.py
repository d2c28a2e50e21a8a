"""Storing files: bytes first, then their row, so that what is acknowledged is durable (P3)."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.documents.arrived import Arrived, no_file
from portal.documents.models import StoredFile
from portal.documents.operations.examine import SCAN_JOB, SIGNATURES_JOB
from portal.documents.queries import is_known_as_infected
from portal.documents.rules import FileRules, Handling, ScanState, accepted_kind, clean_name, must_fit
from portal.documents.scanning import current_scanner
from portal.documents.storage import current_storage


class AskedOtherwise(Conflict):
    """What is asked of files here changed between the looking and the storing."""

    default = lazy_("What is asked of this file has just changed. Reload the page and send it again.")


def store_upload(
    session: Session,
    *,
    upload: Arrived | None,
    rules: FileRules,
    actor: Actor,
    now: datetime,
    present: Iterable[StoredFile] = (),
) -> StoredFile:
    """Give a row to a file that was looked at; it waits for the scanner, where there is one.

    What is among the files `present` already, by bytes and name, is not stored again: that row is the answer.
    Raises Invalid, with the mend, when it is absent, not of these kinds, too large, or known to be infected.
    """
    if upload is None:
        raise no_file(rules.field)
    accepted_kind(upload.name, rules.accept, field=rules.field)
    must_fit(upload.name, upload.received_bytes, rules)
    again = next((file for file in present if _is(file, upload)), None)
    if again is not None and not again.is_blocked:
        return again
    if is_known_as_infected(session, upload.received_sha256):
        raise Invalid(_infected_in_words(upload.name), rules.field)
    if upload.storage_key is None or (rules.strip and not upload.was_stripped):
        raise AskedOtherwise
    return _store_arrived(session, upload, upload.storage_key, actor, now)


def known_among(*, files: Iterable[StoredFile]) -> frozenset[tuple[str, str]]:
    """Names and hashes of files that are there: as they arrived, and as they are kept."""
    return frozenset(
        (file.name, sha256)
        for file in files
        if not file.is_blocked
        for sha256 in (file.received_sha256, file.sha256)
        if sha256
    )


def _is(file: StoredFile, upload: Arrived) -> bool:
    return file.name == upload.name and upload.received_sha256 in (file.received_sha256, file.sha256)


def _infected_in_words(name: str) -> object:
    """What is said of a file in which a virus was found, with the mend."""
    return lazy_(
        "A virus was found in “%(name)s”: it was set aside and nobody can open it. Check your computer with an"
        " antivirus, make the document again or take it from whoever gave it to you, and attach the new copy.",
        name=name,
    )


def _store_arrived(session: Session, upload: Arrived, key: str, actor: Actor, now: datetime) -> StoredFile:
    file = StoredFile(
        id=new_id(),
        name=upload.name,
        media_type=upload.media_type,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        received_sha256=upload.received_sha256,
        handling=upload.handling,
        storage_key=key,
        scan_state=ScanState.NOT_SCANNED,
        is_signed=upload.is_signed,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )
    upload.has_row = True
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
