"""The content must be what the extension says, whole, readable and harmless; photographs lose their metadata."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import filetype

from portal.core.errors import Invalid
from portal.documents.content.authorship import PICTURES, is_signed, without_authorship
from portal.documents.content.images import clean_jpeg, clean_png
from portal.documents.content.office import check_docx, check_xlsx
from portal.documents.content.pdf import check_pdf
from portal.documents.content.plain import check_csv, check_xml, looks_like_text, looks_like_xml
from portal.documents.content.refused import SAID, ContentRefused, Reason
from portal.documents.content.signed import MOST_ENVELOPES, signed_content
from portal.documents.rules import KINDS, FileKind, Handling

READERS: dict[str, Callable[[bytes], bytes]] = {
    "pdf": check_pdf,
    "png": clean_png,
    "jpg": clean_jpeg,
    "jpeg": clean_jpeg,
    "docx": check_docx,
    "xlsx": check_xlsx,
    "xml": check_xml,
    "csv": check_csv,
}
"""Each returns the bytes to keep, or raises ContentRefused."""
TEXTS: dict[str, Callable[[bytes], bool]] = {"xml": looks_like_xml, "csv": looks_like_text}
"""Kinds that no signature of bytes tells: text that begins as it should."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a file that was taken: its bytes, what became of its author's data, whether it is signed."""

    content: bytes
    handling: Handling
    is_signed: bool


def checked_content(
    content: bytes, name: str, kind: FileKind, accept: Collection[str], *, field: str = "file", strip: bool = False
) -> Kept:
    """What to keep; Invalid, naming file and mend, when it is not what the name says.

    With `strip` the data its author left in it is taken out as well, unless it is signed.
    """
    try:
        kept = _checked(content, kind, accept)
        handling = Handling.STRIPPED if kind.extension in PICTURES else Handling.AS_SENT
        if strip:
            kept, handling = without_authorship(kept, kind)
        return Kept(kept, handling, is_signed(kept, kind))
    except ContentRefused as refused:
        raise Invalid(SAID[refused.reason](name, kind.label), field) from refused


def _checked(content: bytes, kind: FileKind, accept: Collection[str]) -> bytes:
    if kind.extension == "p7m":
        _check_signed(content, accept)
        return content
    if not _looks_like(content, kind):
        raise ContentRefused(Reason.OTHER_TYPE)
    return READERS[kind.extension](content)


def _looks_like(content: bytes, kind: FileKind) -> bool:
    """A first look by the signature of the type."""
    if kind.extension in TEXTS:
        return TEXTS[kind.extension](content)
    guessed = filetype.guess_mime(content[:8192])
    if kind.extension in ("docx", "xlsx"):
        return guessed in (kind.media_type, "application/zip")
    return bool(guessed == kind.media_type)


def _check_signed(content: bytes, accept: Collection[str]) -> None:
    """A signed envelope is judged by what was signed: one of the other accepted kinds, or a PDF."""
    inner = innermost(content)
    for kind in _signable(accept):
        if _looks_like(inner, kind):
            READERS[kind.extension](inner)
            return
    raise ContentRefused(Reason.SIGNED_OTHER_TYPE)


def _signable(accept: Collection[str]) -> list[FileKind]:
    return [KINDS[each] for each in sorted({each for each in accept if each in READERS and each != "csv"} or {"pdf"})]


def innermost(content: bytes) -> bytes:
    """The document under all envelopes, or ContentRefused."""
    inner = signed_content(content)
    for _ in range(MOST_ENVELOPES - 1):
        if not inner.startswith(b"\x30"):
            break
        inner = signed_content(inner)
    return inner


def unwrapped(content: bytes) -> tuple[bytes, FileKind] | None:
    """The document inside a signed envelope and its kind; None when it is of no kind that is taken."""
    try:
        inner = innermost(content)
        found = next((KINDS[each] for each in READERS if _looks_like(inner, KINDS[each])), None)
        return (READERS[found.extension](inner), found) if found else None
    except ContentRefused:
        return None
