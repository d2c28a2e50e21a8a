"""DOCX and XLSX: an archive of XML parts, bounded before it is unpacked, without macros and without entities."""

import io
import struct
import zipfile
import zlib

from portal.documents.content.refused import ContentRefused, Reason

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
_FREE_OF_RATIO = 1024 * 1024
"""Parts up to this size are taken whatever their ratio: a blank sheet compresses very well."""
DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError
)  # fmt: skip
"""What the standard library raises on archives that were cut or altered (found by random damage)."""
_MACROS = ("vbaproject.bin", "vbadata.xml")
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".jar", ".exe", ".js", ".vbs", ".bat", ".ps1")
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


def check_docx(content: bytes) -> bytes:
    """The same bytes, or ContentRefused."""
    return _check(content, "word/document.xml")


def check_xlsx(content: bytes) -> bytes:
    """The same bytes, or ContentRefused."""
    return _check(content, "xl/workbook.xml")


def _check(content: bytes, main_part: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _must_be_bounded(entries)
            names = {entry.filename for entry in entries}
            if not {"[Content_Types].xml", main_part} <= names:
                raise ContentRefused(Reason.OTHER_TYPE)
            _must_be_harmless(archive, entries)
    except DAMAGED as error:
        raise ContentRefused(Reason.BROKEN) from error
    return content


def _must_be_bounded(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ContentRefused(Reason.TOO_MUCH_INSIDE)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise ContentRefused(Reason.ENCRYPTED)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ContentRefused(Reason.BROKEN)
        if entry.file_size > max(_FREE_OF_RATIO, MOST_RATIO * entry.compress_size):
            raise ContentRefused(Reason.TOO_MUCH_INSIDE)


def _must_be_harmless(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith(_MACROS):
            raise ContentRefused(Reason.MACROS)
        if name.endswith(_ARCHIVES) or name.startswith("/") or ".." in name.split("/"):
            raise ContentRefused(Reason.TWO_IN_ONE)
        part = archive.read(entry)  # its checksum is verified on the way
        if name.endswith((".xml", ".rels", ".vml")):
            _must_be_plain_xml(part)
        if name == "[content_types].xml" and b"&#" in part.replace(b"\0", b""):
            raise ContentRefused(Reason.UNSAFE_XML)  # no program writes the type of a part in signs


def _must_be_plain_xml(part: bytes) -> None:
    plain = part.replace(b"\0", b"")  # UTF-16 as well
    if any(declaration in plain for declaration in _DECLARATIONS):
        raise ContentRefused(Reason.UNSAFE_XML)
    if b"macroEnabled" in plain:
        raise ContentRefused(Reason.MACROS)


_EMPTY = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties'
    b' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties'
    b' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties'
    b' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}


def without_author(content: bytes) -> bytes:
    """A checked file without author, company and history; names inside comments and tracked changes stay."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
        for entry in archive.infolist():
            part = _EMPTY.get(entry.filename)
            clean.writestr(zipfile.ZipInfo(entry.filename), archive.read(entry) if part is None else part,
                           zipfile.ZIP_DEFLATED)  # fmt: skip
    return out.getvalue()
