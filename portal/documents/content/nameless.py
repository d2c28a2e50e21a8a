"""A file for readers who must not know who wrote it: no author, no comments, no envelope. Its text stays as it is."""

import io
import zipfile

from portal.documents.apart import NotDone, nameless_pdf
from portal.documents.content.authorship import PICTURES
from portal.documents.content.check import unwrapped
from portal.documents.content.office import without_author
from portal.documents.content.pdf import is_signed_pdf
from portal.documents.rules import FileKind

SIGNED_BY_NAME = ("comments", "people", "revisions", "persons")
CHANGES = (b"<w:ins ", b"<w:del ", b"<w:moveFrom ", b"<w:moveTo ", b"w:author=")


def without_names(content: bytes, kind: FileKind) -> tuple[bytes, FileKind] | None:
    """The bytes to show and their kind; None where names cannot be taken out: signatures, comments, tracked changes."""
    if kind.extension == "p7m":
        inner = unwrapped(content)
        return None if inner is None or inner[1].extension == "p7m" else without_names(*inner)
    if kind.extension in PICTURES:
        return content, kind
    if kind.extension == "pdf":
        return _pdf(content, kind)
    if kind.extension in ("docx", "xlsx") and not _is_commented(content):
        return without_author(content), kind
    return None


def _pdf(content: bytes, kind: FileKind) -> tuple[bytes, FileKind] | None:
    if is_signed_pdf(content):
        return None
    try:
        return nameless_pdf(content), kind
    except NotDone:
        return None


def _is_commented(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [entry.filename.lower() for entry in archive.infolist()]
        if any(word in name.rpartition("/")[2] for name in names for word in SIGNED_BY_NAME):
            return True
        return any(
            mark in archive.read(each) for each in archive.namelist() if each.endswith(".xml") for mark in CHANGES
        )
