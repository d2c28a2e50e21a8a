"""What is found out of a file after it was stored: viruses, and the signatures it carries. The worker does it."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.events import announce
from portal.core.jobs import before_slow_work, enqueue
from portal.documents.apart import NotDone, SignatureSeen, signatures_in
from portal.documents.models import FileSignature, StoredFile
from portal.documents.queries import stored_file
from portal.documents.reading import read_file
from portal.documents.rules import BLOCKED, CLEARED, KINDS, FileBlocked, ScanState, SignatureKind, Soundness
from portal.documents.scanning import current_scanner
from portal.documents.storage import QUARANTINE, current_storage

log = structlog.get_logger("documents")
SCAN_JOB, SIGNATURES_JOB, FORGET_JOB = "documents.scan", "documents.signatures", "documents.forget_bytes"


def scan_file(session: Session, *, file_id: UUID, now: datetime) -> None:
    """Ask the scanner; free the file or set its bytes aside. A file that was judged is never judged again.

    Raises ScannerSilent while the scanner does not answer: the file goes on waiting.
    """
    scanner = current_scanner()
    if scanner is None:
        return
    with before_slow_work(session):
        file = stored_file(session, file_id)
        if file.scan_state not in CLEARED.sources:
            return
        content = read_file(file)
        virus = scanner.virus_in(content)
        if virus:
            current_storage().put(QUARANTINE + file.storage_key, content)
    file = stored_file(session, file_id)
    if file.scan_state in CLEARED.sources:
        _judge(session, file, virus, now)


def _judge(session: Session, file: StoredFile, virus: str | None, now: datetime) -> None:
    before = file.scan_state
    file.make(BLOCKED if virus else CLEARED, at=now)
    file.virus = virus
    after = {"scan": file.scan_state.value, **({"virus": virus} if virus else {})}
    record(
        session, at=now, actor=SYSTEM, event="document.scan", subject=file, before={"scan": before.value}, after=after
    )
    if virus:
        enqueue(session, FORGET_JOB, now=now, key=file.storage_key)
        file.storage_key = QUARANTINE + file.storage_key
        announce(session, FileBlocked(file_id=file.id, name=file.name, uploaded_by=file.uploaded_by, at=now))


def read_signatures(session: Session, *, file_id: UUID, now: datetime) -> None:
    """Read the signatures of a file, once; what cannot be read says so."""
    with before_slow_work(session):
        file = stored_file(session, file_id)
        if not file.is_signed or file.signatures_read_at is not None or file.scan_state is ScanState.INFECTED:
            return
        found = _signatures(read_file(file), _kind(file))
    file = stored_file(session, file_id)
    if file.signatures_read_at is not None:
        return
    file.signatures_read_at = now
    session.add_all(_row(file, position, each, now) for position, each in enumerate(found, start=1))
    after = {"signatures": [each.soundness.value for each in found], "sha256": file.sha256}
    record(session, at=now, actor=SYSTEM, event="document.signatures_read", subject=file, after=after)


def _kind(file: StoredFile) -> SignatureKind:
    return SignatureKind.PADES if file.media_type == KINDS["pdf"].media_type else SignatureKind.CADES


def _signatures(content: bytes, kind: SignatureKind) -> list[SignatureSeen]:
    try:
        return signatures_in(content, kind)
    except NotDone as error:
        log.warning("signatures not read", reason=str(error))
        return [SignatureSeen(kind, Soundness.UNREADABLE)]


def _row(file: StoredFile, position: int, seen: SignatureSeen, now: datetime) -> FileSignature:
    return FileSignature(
        id=new_id(),
        file_id=file.id,
        position=position,
        layer=seen.layer,
        sha256=file.sha256,
        kind=seen.kind,
        soundness=seen.soundness,
        coverage=seen.coverage,
        digest=seen.digest,
        signer_name=seen.signer_name,
        signer_code=seen.signer_code,
        issuer=seen.issuer,
        serial=seen.serial,
        valid_from=seen.valid_from,
        valid_until=seen.valid_until,
        claimed_at=seen.claimed_at,
        stamped_at=seen.stamped_at,
        read_at=now,
    )
