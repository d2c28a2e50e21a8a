"""Files as people send them: small, whole, and real enough for the readers that judge them."""

import io
import struct
import zipfile
import zlib

from werkzeug.datastructures import FileStorage

from portal.documents.arrived import Arrived, look_at
from portal.documents.content.signed import SIGNED_DATA
from portal.documents.rules import KINDS, FileRules

PDF = b"""%PDF-1.7
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [] /Count 0 >>
endobj
xref
0 3
trailer
<< /Size 3 /Root 1 0 R >>
startxref
100
%%EOF
"""


ANY_FILE = FileRules(tuple(KINDS), 20 * 1024 * 1024)


def make_upload(content: bytes, name: str | None = "statuto.pdf", rules: FileRules = ANY_FILE) -> Arrived:
    """What an operation takes: a file of a form that was looked at."""
    return look_at(FileStorage(io.BytesIO(content), filename=name), rules)


def not_looked_at(name: str) -> Arrived:
    """A file whose bytes nobody has: for what is refused by its name, or by how many there are."""
    return Arrived(name, len(PDF), "0" * 64)


# ---- images ----


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def make_png(width: int = 1, height: int = 1, *extra: bytes) -> bytes:
    """A grey PNG; `extra` chunks stand before the picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def make_exif(*, orientation: int, order: str = "<") -> bytes:
    """Exif data with an orientation and a place."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = [(0x0112, 3, 1, orientation), (0x8825, 4, 1, 0)]
    body = b"".join(struct.pack(f"{order}HHIHH", tag, kind, count, value, 0) for tag, kind, count, value in entries)
    ifd = struct.pack(f"{order}IH", 8, len(entries)) + body + b"\0\0\0\0"
    return b"Exif\0\0" + mark + ifd + b"GPS 41.1171N 16.8719E"


def make_jpeg(width: int = 1, height: int = 1, *extra: bytes) -> bytes:
    """The skeleton of a JPEG; `extra` segments stand before the picture."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(extra) + frame + scan + b"\xff\xd9"


# ---- office files ----

DOCX = {
    "[Content_Types].xml": b'<?xml version="1.0"?><Types/>',
    "_rels/.rels": b"<Relationships/>",
    "word/document.xml": b"<w:document><w:body/></w:document>",
}
XLSX = {"[Content_Types].xml": DOCX["[Content_Types].xml"], "xl/workbook.xml": b"<workbook/>"}


def make_zip(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


# ---- signed files ----


def tlv(tag: int, *parts: bytes, indefinite: bool = False) -> bytes:
    """One ASN.1 value."""
    body = b"".join(parts)
    if indefinite:
        return bytes([tag, 0x80]) + body + b"\0\0"
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, "big") + body


def make_p7m(
    content: bytes | None = PDF, *, in_parts: bool = False, signers: int = 1, kind: bytes = SIGNED_DATA
) -> bytes:
    """The structure of a CMS envelope around a content; its signature is not a true one."""
    data = tlv(0x06, bytes.fromhex("2a864886f70d010701"))
    if content is None:
        encapsulated = tlv(0x30, data)
    elif in_parts:
        octets = tlv(0x24, tlv(0x04, content[:50]), tlv(0x04, content[50:]), indefinite=True)
        encapsulated = tlv(0x30, data, tlv(0xA0, octets, indefinite=True), indefinite=True)
    else:
        encapsulated = tlv(0x30, data, tlv(0xA0, tlv(0x04, content)))
    infos = tlv(0x31, *[tlv(0x30, tlv(0x02, b"\x01"))] * signers)
    signed = tlv(0x30, tlv(0x02, b"\x01"), tlv(0x31), encapsulated, infos, indefinite=in_parts)
    return tlv(0x30, tlv(0x06, kind), tlv(0xA0, signed, indefinite=in_parts), indefinite=in_parts)
