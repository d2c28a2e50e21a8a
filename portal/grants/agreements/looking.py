"""Looking at a signed copy before the transaction begins: its signatures are read by a process apart, which takes time.

What was seen is bound to the bytes of both files: the operation takes it for these alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.documents.apart import CopySeen, NotDone, SignatureSeen, copy_seen
from portal.documents.arrived import Arrived, Upload
from portal.documents.models import StoredFile
from portal.documents.reading import read_file
from portal.documents.receiving import one_arriving
from portal.documents.rules import KINDS, FileRules, Fit, SignatureKind, Soundness
from portal.documents.storage import current_storage

log = structlog.get_logger("agreements")


class LookAgain(Conflict):
    """The agreement changed while its copy was being read."""

    default = lazy_("The agreement has just changed. Reload the page, sign the newest version and send it.")


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a copy, and of which bytes; `seen` is None where it has no signature of its own."""

    original_sha256: str
    copy_sha256: str
    seen: CopySeen | None


@dataclass(frozen=True, slots=True)
class AskedCopy:
    """What is asked of the copy, and the document that it is to be a copy of."""

    rules: FileRules
    original: StoredFile


@contextmanager
def copy_arriving(upload: Upload | None, asked: Callable[[Session], AskedCopy]) -> Iterator[dict[str, Any]]:
    """The signed copy of a form, looked at beside the document: `upload` and `look` as the operations take them."""
    original: list[tuple[str, bytes]] = []

    def rules(session: Session) -> FileRules:
        found = asked(session)
        original.append((found.original.sha256, read_file(found.original)))
        return found.rules

    with one_arriving(upload, rules) as arrived:
        yield {"upload": arrived, "look": look_at_copy(*original[0], arrived) if arrived is not None else None}


def look_at_copy(sha256: str, original: bytes, copy: Arrived) -> Look:
    """Read the signatures of a copy that arrived; a file without any is not opened."""
    if not copy.is_signed or copy.storage_key is None:
        return Look(sha256, copy.sha256, None)
    kind = SignatureKind.PADES if copy.media_type == KINDS["pdf"].media_type else SignatureKind.CADES
    try:
        seen = copy_seen(original, current_storage().get(copy.storage_key), kind)
    except NotDone as error:
        log.warning("signatures not read", reason=str(error))
        seen = CopySeen(Fit.OTHER, (SignatureSeen(kind, Soundness.UNREADABLE),))
    return Look(sha256, copy.sha256, seen)


def seen_of(look: Look | None, original: StoredFile, copy: Arrived | None) -> CopySeen | None:
    """What was seen of this very copy of this very document. Raises LookAgain; an unsigned file needs no look."""
    if copy is None or (look is None and not copy.is_signed):
        return None
    if look is None or (look.original_sha256, look.copy_sha256) != (original.sha256, copy.sha256):
        raise LookAgain
    return look.seen
