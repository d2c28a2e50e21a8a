"""Storing and reading files: bytes first, then their row, so that what is acknowledged is durable (P3)."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import IO, Protocol

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.documents.content import checked_content
from portal.documents.models import StoredFile
from portal.documents.reading import FileDamaged, read_file
from portal.documents.rules import accepted_kind, clean_name, size_in_words
from portal.documents.storage import current_storage

__all__ = ["FileDamaged", "Upload", "read_file", "store_bytes", "store_upload"]


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
) -> StoredFile:
    """Check a file against its own content and store it.

    Raises Invalid, with the mend, when it is absent, empty, too large or not what it says; Unavailable when the
    store does not answer. In either case nothing is stored.
    """
    if upload is None or not upload.filename:
        raise Invalid(lazy_("No file was chosen. Choose one and send it again."), field)
    name = clean_name(upload.filename)
    kind = accepted_kind(name, accept, field=field)
    content = checked_content(_read(upload, name, max_bytes, field), name, kind, accept, field=field)
    return store_bytes(session, name=name, media_type=kind.media_type, content=content, actor=actor, now=now)


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


def store_bytes(
    session: Session, *, name: str, media_type: str, content: bytes, actor: Actor, now: datetime
) -> StoredFile:
    """Store bytes that the portal made or has checked. Raises Unavailable; nothing is stored then.

    When the transaction is rolled back afterwards the bytes stay without a row: nobody can reach them.
    """
    if not content:
        raise ValueError("a stored file is never empty")
    key = new_id().hex
    current_storage().put(key, content)
    file = StoredFile(
        name=clean_name(name),
        media_type=media_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        storage_key=key,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )
    session.add(file)
    facts = {"sha256": file.sha256, "size": file.size_bytes, "type": media_type}
    record(session, at=now, actor=actor, event="document.store", subject=file, after=facts)
    return file
