"""Photographs: whole, of a size that can be shown, without the place and the person that a camera writes in them.

Only the parts that draw the picture are kept; whatever follows its end is cut off. Of a JPEG's metadata the
orientation alone stays, so that a photograph still stands upright.
"""

import struct
import zlib
from collections.abc import Iterator

from portal.documents.content.refused import ContentRefused, Reason

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
MOST_PARTS = 50_000
"""Chunks of a PNG, or steps through a JPEG: a camera writes some hundreds."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_APPLICATION = range(0xE1, 0xF0)
_KEPT_APPLICATION = {0xE2, 0xEE}  # colour profile, Adobe's colour transform
_STANDALONE = {0x01, *range(0xD0, 0xD8)}


def clean_png(content: bytes) -> bytes:
    """The picture without its metadata, or ContentRefused."""
    kept = [PNG_SIGNATURE]
    last = b""
    for name, chunk in _chunks(content):
        if not last:
            if name != b"IHDR" or len(chunk) != 25:
                raise ContentRefused(Reason.BROKEN)
            _must_fit(*struct.unpack(">II", chunk[8:16]))
        if name not in _PNG_METADATA:
            kept.append(chunk)
        last = name
    if last != b"IEND":
        raise ContentRefused(Reason.BROKEN)
    return b"".join(kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and bytes of each chunk, up to the end of the picture."""
    if not content.startswith(PNG_SIGNATURE):
        raise ContentRefused(Reason.OTHER_TYPE)
    at, parts = len(PNG_SIGNATURE), 0
    while at + 12 <= len(content):
        parts = _one_more(parts)
        (length,) = struct.unpack_from(">I", content, at)
        chunk = content[at : at + 12 + length]
        name = chunk[4:8]
        if len(chunk) != 12 + length or struct.unpack(">I", chunk[-4:])[0] != zlib.crc32(chunk[4:-4]):
            raise ContentRefused(Reason.BROKEN)
        yield name, chunk
        if name == b"IEND":
            return
        at += 12 + length


def clean_jpeg(content: bytes) -> bytes:
    """The picture without its metadata, upright as before, or ContentRefused."""
    kept = [b"\xff\xd8"]
    measured = ended = False
    for marker, segment in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", segment[5:9].ljust(4, b"\0"))
            _must_fit(width, height)
            measured = True
        if marker == 0xE1 and (orientation := _orientation(segment)) not in (None, 1):
            kept.append(_only_orientation(orientation or 1))
        elif not _is_metadata(marker, segment):
            kept.append(segment)
        ended = marker == _END
    if not (measured and ended):
        raise ContentRefused(Reason.BROKEN)
    return b"".join(kept)


def _is_metadata(marker: int, segment: bytes) -> bool:
    if marker == 0xE2:
        return not segment[4:].startswith(b"ICC_PROFILE\0")
    return marker == _COMMENT or (marker in _APPLICATION and marker not in _KEPT_APPLICATION)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment after the start; a scan comes with its picture data."""
    if not content.startswith(b"\xff\xd8\xff"):
        raise ContentRefused(Reason.OTHER_TYPE)
    at, parts = 2, 0
    while at + 2 <= len(content):
        parts = _one_more(parts)
        if content[at] != 0xFF:
            raise ContentRefused(Reason.BROKEN)
        marker = content[at + 1]
        end = _segment_end(content, at, marker)
        if marker != 0xFF:  # a fill byte
            yield marker, content[at:end]
        if marker == _END:
            return
        at = end


def _segment_end(content: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:
        return at + 1
    if marker == _END or marker in _STANDALONE:
        return at + 2
    if at + 4 > len(content):
        raise ContentRefused(Reason.BROKEN)
    end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    if end > len(content) or end < at + 4:
        raise ContentRefused(Reason.BROKEN)
    return _scan_end(content, end) if marker == _SCAN else end


def _scan_end(content: bytes, at: int) -> int:
    """Where the picture data stop: at a marker that is neither a stuffed zero nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise ContentRefused(Reason.BROKEN)
        follows = content[at + 1]
        if follows != 0 and not 0xD0 <= follows <= 0xD7 and follows != 0xFF:
            return at
        at += 1 if follows == 0xFF else 2


def _orientation(segment: bytes) -> int | None:
    """The orientation (1 to 8) in an Exif segment, if it has one."""
    if segment[4:10] != b"Exif\0\0":
        return None
    tiff = segment[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return None
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for at in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == 0x0112:
            return int(value) if 1 <= value <= 8 else None
    return None


def _only_orientation(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _one_more(parts: int) -> int:
    if parts >= MOST_PARTS:
        raise ContentRefused(Reason.TOO_MUCH_INSIDE)
    return parts + 1


def _must_fit(width: int, height: int) -> None:
    if not width or not height:
        raise ContentRefused(Reason.BROKEN)
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise ContentRefused(Reason.IMAGE_TOO_LARGE)
