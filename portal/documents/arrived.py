"""Looking at a file before any transaction begins: read whole, hashed, judged by its content, put into the store.

It may take seconds, since some PDFs are read by a process apart. On SQLite one writer keeps all others waiting: so
whoever looks holds no transaction, and the operation that takes the file afterwards only writes rows.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import IO, Protocol

from portal.core.db import new_id
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.documents.content import checked_content
from portal.documents.rules import KINDS, FileRules, Handling, accepted_kind, clean_name, extension_of, must_fit
from portal.documents.storage import current_storage


class Upload(Protocol):
    """A file as a form brings it."""

    @property
    def filename(self) -> str | None: ...

    @property
    def stream(self) -> IO[bytes]: ...


@dataclass(slots=True)
class Arrived:
    """A file that was looked at. Its bytes are in the store; it counts once an operation has given it a row.

    One that is there already was not looked at again: it has no bytes of its own.
    """

    name: str
    received_bytes: int
    received_sha256: str
    storage_key: str | None = None
    size_bytes: int = 0
    sha256: str = ""
    handling: Handling = Handling.AS_SENT
    is_signed: bool = False
    was_stripped: bool = False
    has_row: bool = False

    @property
    def media_type(self) -> str:
        """Its type, which its name promised and its content kept."""
        return KINDS[extension_of(self.name)].media_type


def look_at(upload: Upload | None, rules: FileRules) -> Arrived:
    """Read a file, check it against its own content, keep its bytes; without its author's data where that is asked.

    Raises Invalid, with the mend, when it is absent, empty, too large or not what it says; Unavailable when the store
    does not answer. In either case nothing is stored. The stream stands at its beginning again.
    """
    if upload is None or not upload.filename:
        raise no_file(rules.field)
    name = clean_name(upload.filename)
    kind = accepted_kind(name, rules.accept, field=rules.field)
    content = upload.stream.read(rules.max_bytes + 1)
    upload.stream.seek(0)
    must_fit(name, len(content), rules)
    arrived = Arrived(name, len(content), hashlib.sha256(content).hexdigest())
    if (name, arrived.received_sha256) in rules.known:
        return arrived
    kept = checked_content(content, name, kind, rules.accept, field=rules.field, strip=rules.strip)
    arrived.size_bytes, arrived.sha256 = len(kept.content), hashlib.sha256(kept.content).hexdigest()
    arrived.handling, arrived.is_signed, arrived.was_stripped = kept.handling, kept.is_signed, rules.strip
    key = new_id().hex
    current_storage().put(key, kept.content)
    arrived.storage_key = key
    return arrived


def copied(arrived: Arrived) -> Arrived:
    """The same file once more, with bytes of its own: each place where a file is used has its own copy."""
    if arrived.storage_key is None:
        return replace(arrived, has_row=False)
    key = new_id().hex
    current_storage().put(key, current_storage().get(arrived.storage_key))
    return replace(arrived, storage_key=key, has_row=False)


def no_file(field: str) -> Invalid:
    """What is said where a file is missing."""
    return Invalid(lazy_("No file was chosen. Choose one and send it again."), field)
