"""The content must be what the extension says, whole, readable and harmless; photographs lose their metadata."""

from collections.abc import Callable, Collection

import filetype

from portal.core.errors import Invalid
from portal.documents.content.images import clean_jpeg, clean_png
from portal.documents.content.office import check_docx, check_xlsx
from portal.documents.content.pdf import check_pdf
from portal.documents.content.refused import SAID, ContentRefused, Reason
from portal.documents.content.signed import signed_content
from portal.documents.rules import KINDS, FileKind

MOST_ENVELOPES = 5
READERS: dict[str, Callable[[bytes], bytes]] = {
    "pdf": check_pdf,
    "png": clean_png,
    "jpg": clean_jpeg,
    "jpeg": clean_jpeg,
    "docx": check_docx,
    "xlsx": check_xlsx,
}
"""Each returns the bytes to keep, or raises ContentRefused."""


def checked_content(
    content: bytes, name: str, kind: FileKind, accept: Collection[str], *, field: str = "file"
) -> bytes:
    """The bytes to keep; Invalid, naming file and mend, when they are not what the name says."""
    try:
        if kind.extension == "p7m":
            _check_signed(content, accept)
            return content
        return READERS[kind.extension](content) if _looks_like(content, kind) else _refuse()
    except ContentRefused as refused:
        raise Invalid(SAID[refused.reason](name, kind.label), field) from refused


def _looks_like(content: bytes, kind: FileKind) -> bool:
    """A first look by the signature of the type."""
    guessed = filetype.guess_mime(content[:8192])
    if kind.extension in ("docx", "xlsx"):
        return guessed in (kind.media_type, "application/zip")
    return bool(guessed == kind.media_type)


def _refuse() -> bytes:
    raise ContentRefused(Reason.OTHER_TYPE)


def _check_signed(content: bytes, accept: Collection[str]) -> None:
    """A signed envelope is judged by what was signed: one of the other accepted kinds, or a PDF.

    Several people may sign one around the other.
    """
    inner = signed_content(content)
    for _ in range(MOST_ENVELOPES - 1):
        if not inner.startswith(b"\x30"):
            break
        inner = signed_content(inner)
    kinds = {each for each in accept if each in READERS} or {"pdf"}
    for extension in sorted(kinds):
        if _looks_like(inner, KINDS[extension]):
            READERS[extension](inner)
            return
    raise ContentRefused(Reason.SIGNED_OTHER_TYPE)
