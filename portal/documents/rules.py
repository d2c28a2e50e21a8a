"""Which files are taken, under which names, and what is said of their scan."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move
from portal.core.text import clean_line

LONGEST_NAME = 120
MOST_AT_ONCE = 20
LARGEST_TOGETHER = 200 * 1024 * 1024
"""Bytes of all copies of the files that go to several places at once."""
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "-"))


class ScanState(StrEnum):
    """What the antivirus said; "not scanned" is said plainly where none is configured."""

    NOT_SCANNED = "not_scanned"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


MAY_BE_SERVED = frozenset({ScanState.NOT_SCANNED, ScanState.CLEAN})
CLEARED = Move("clear", frozenset({ScanState.NOT_SCANNED, ScanState.WAITING}), ScanState.CLEAN)
BLOCKED = Move("block", frozenset({ScanState.NOT_SCANNED, ScanState.WAITING}), ScanState.INFECTED)


class Handling(StrEnum):
    """What became of the data that an author leaves in a file: who, where, when, with which program."""

    AS_SENT = "as_sent"
    STRIPPED = "stripped"
    KEPT_SIGNED = "kept_signed"
    """It was to be taken out, but the file is signed: a byte less would break the signature."""


class SignatureKind(StrEnum):
    """An envelope around a document (.p7m), or a signature inside a PDF."""

    CADES = "cades"
    PADES = "pades"


class Soundness(StrEnum):
    """Whether the signature fits the bytes. Says nothing of who issued the certificate."""

    INTACT = "intact"
    ALTERED = "altered"
    UNREADABLE = "unreadable"


class Coverage(StrEnum):
    """How much of the document stands under a signature."""

    WHOLE = "whole"
    LATER_ADDED = "later_added"
    """All of it as it was then; later only what is allowed after a signature: others signed, dates were stamped."""
    PARTIAL = "partial"
    """Parts of what is read today were never signed."""


class Fit(StrEnum):
    """How a signed copy fits the document that was to be signed."""

    SAME = "same"
    SIGNED = "signed"
    """The document is an earlier state of it: only signatures were added."""
    CHANGED = "changed"
    OTHER = "other"


WEAK_DIGESTS = frozenset({"md2", "md5", "sha1"})
"""Two documents can be made that have the same one: what was signed is not certain."""


@dataclass(frozen=True, slots=True)
class FileBlocked:
    """A virus was found in a file: its bytes are set aside, nobody downloads it any more."""

    file_id: UUID
    name: str
    uploaded_by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FileRules:
    """What is asked of the files of one place: kinds, size, whether what their author left inside is taken out.

    `known` are the names and hashes of what is there already: the same again is not looked at a second time.
    """

    accept: Collection[str]
    max_bytes: int
    field: str = "file"
    strip: bool = False
    most: int = MOST_AT_ONCE
    known: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: its extension, its media type, and what people call it."""

    extension: str
    media_type: str
    label: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.extension: kind
    for kind in (
        FileKind("pdf", "application/pdf", "PDF"),
        FileKind("p7m", "application/pkcs7-mime", "P7M"),
        FileKind("png", "image/png", "PNG"),
        FileKind("jpg", "image/jpeg", "JPG"),
        FileKind("jpeg", "image/jpeg", "JPG"),
        FileKind("docx", f"{_OFFICE}.wordprocessingml.document", "DOCX"),
        FileKind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "XLSX"),
        FileKind("xml", "application/xml", "XML"),
        FileKind("csv", "text/csv", "CSV"),
    )
}
"""Every kind that can be taken; a call accepts some of them. SVG, HTML and archives are none of them."""


def extension_of(name: str) -> str:
    """The last extension, in lower case, without its dot; empty when there is none."""
    _, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""


def clean_name(given: str) -> str:
    """A name that is safe in a header, on a page and on a disk: no path, no control character, at most 120 characters.

    The extension stays; a name of which nothing is left becomes "file".
    """
    line = clean_line(given).replace("\\", "/").rpartition("/")[2].translate(_NOT_IN_NAMES)
    stem, dot, extension = line.rpartition(".")
    if not dot:
        stem, extension = line, ""
    extension = extension[:10].strip()
    stem = stem.strip(" .") or "file"
    room = LONGEST_NAME - len(extension) - 1
    stem = unicodedata.normalize("NFC", stem[:room]).strip(" .")
    return f"{stem}.{extension}" if extension else stem


def inner_name(name: str, kind: FileKind) -> str:
    """The name of the document inside a signed envelope: atto.pdf.p7m holds atto.pdf."""
    stem = name
    while extension_of(stem) == "p7m":
        stem = stem.rpartition(".")[0]
    return stem if extension_of(stem) == kind.extension else clean_name(f"{stem}.{kind.extension}")


def accepted_kind(name: str, accept: Collection[str], *, field: str) -> FileKind:
    """The kind that the name's extension promises; Invalid when it is not among those accepted."""
    extension = extension_of(name)
    if extension in {each.lower().lstrip(".") for each in accept} | _twins(accept) and extension in KINDS:
        return KINDS[extension]
    raise Invalid(
        lazy_(
            "“%(name)s” is not of an accepted type. Choose a file of type %(types)s.",
            name=name,
            types=types_in_words(accept),
        ),
        field,
    )


def must_be_few(count: int, rules: FileRules) -> None:
    """Refuse more files at once than a place takes."""
    if count > rules.most:
        raise Invalid(lazy_("Too many files: at most %(most)s.", most=rules.most), rules.field)


def must_fit(name: str, size: int, rules: FileRules) -> None:
    """Refuse a file that is empty or larger than is taken, naming it with the mend."""
    if size == 0:
        raise Invalid(lazy_("“%(name)s” is empty. Check the file and choose it again.", name=name), rules.field)
    if size > rules.max_bytes:
        limit = size_in_words(rules.max_bytes)
        words = lazy_(
            "“%(name)s” is larger than %(limit)s. Reduce it, for example with a lower scanning resolution.",
            name=name,
            limit=limit,
        )
        raise Invalid(words, rules.field)


def must_fit_together(size: int) -> None:
    """Refuse files whose copies, one for each place they go to, are too large together."""
    if size > LARGEST_TOGETHER:
        limit = size_in_words(LARGEST_TOGETHER)
        words = lazy_(
            "Each team gets a copy of these files: together they are larger than %(limit)s. Choose smaller files, or"
            " fewer teams at once.",
            limit=limit,
        )
        raise Invalid(words, "files")


def _twins(accept: Collection[str]) -> set[str]:
    """jpg and jpeg are one type."""
    return {"jpg", "jpeg"} if {"jpg", "jpeg"} & set(accept) else set()


def types_in_words(accept: Collection[str]) -> str:
    """PDF, P7M: the accepted types as they are shown."""
    return ", ".join(dict.fromkeys(KINDS[each].label if each in KINDS else each.upper() for each in accept))


def size_in_words(size: int) -> str:
    """10 MB, 500 kB: a limit as it is shown."""
    megabytes = 1024 * 1024
    return f"{size // megabytes} MB" if size >= megabytes else f"{max(1, size // 1024)} kB"
