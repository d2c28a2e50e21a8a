"""PDF: begins and ends as one, is nothing else besides, opens without a password, and does not explode when opened."""

import re
import zlib

from portal.documents.content.refused import ContentRefused, Reason

TAIL = 1024
MOST_OBJECTS = 200_000
MOST_PAGES = 20_000
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of all packed lists of objects together; pictures and texts of pages are unpacked one by one, by readers."""
MOST_LISTS = 10_000
"""Packed lists of objects in one file, each of which is unpacked to see how large it is."""
MOST_FILTERS = 3
PART = 16 * 1024
_ENCRYPT = re.compile(rb"/Encrypt[\s]*(?:[0-9]+\s+[0-9]+\s+R|<<)")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|script|svg|body|iframe)[\s>]", re.IGNORECASE)
_OBJECT = re.compile(rb"[0-9]\s+[0-9]+\s+obj\b")
_SIZE = re.compile(rb"/Size\s+([0-9]+)")
_COUNT = re.compile(rb"/Count\s+([0-9]+)")
_LIST_OF_OBJECTS = re.compile(rb"/(?:ObjStm|XRef)\b")
_STREAM = re.compile(rb"stream\r?\n")
_FILTER = re.compile(rb"/(?:[A-Za-z0-9]+Decode|Fl|LZW|AHx|A85|RL)\b")
_SIGNATURE = re.compile(rb"/ByteRange\s*\[")
_END_OF_ZIP = b"PK\x05\x06"


def check_pdf(content: bytes) -> bytes:
    """The same bytes, or ContentRefused."""
    if not content.startswith(b"%PDF-"):
        raise ContentRefused(Reason.OTHER_TYPE)
    if _MARKUP.search(content[:TAIL]) or ends_as_zip(content):
        raise ContentRefused(Reason.TWO_IN_ONE)
    if b"%%EOF" not in content[-TAIL:] or b"startxref" not in content:
        raise ContentRefused(Reason.BROKEN)
    if _ENCRYPT.search(content):
        raise ContentRefused(Reason.ENCRYPTED)
    _must_be_bounded(content)
    return content


def is_signed_pdf(content: bytes) -> bool:
    """Whether somebody has signed it: then not one of its bytes may change."""
    return _SIGNATURE.search(content) is not None


def _must_be_bounded(content: bytes) -> None:
    objects = sum(1 for _each in _OBJECT.finditer(content))
    declared = max((int(each[1][:12]) for each in _SIZE.finditer(content)), default=0)
    pages = max((int(each[1][:12]) for each in _COUNT.finditer(content)), default=0)
    if max(objects, declared) > MOST_OBJECTS or pages > MOST_PAGES:
        raise ContentRefused(Reason.TOO_MUCH_INSIDE)
    left = MOST_UNPACKED
    for number, found in enumerate(_LIST_OF_OBJECTS.finditer(content)):
        if number == MOST_LISTS:
            raise ContentRefused(Reason.TOO_MUCH_INSIDE)
        left -= _unpacked_size(content, found.start(), left)


def _unpacked_size(content: bytes, at: int, most: int) -> int:
    """How large one packed list of objects becomes; ContentRefused past `most`, before the memory is taken."""
    begins = _STREAM.search(content, at, at + 4096)
    if begins is None:
        return 0
    described = content[content.rfind(b"obj", max(0, at - 4096), at) : begins.start()]
    if len(_FILTER.findall(described)) > MOST_FILTERS:
        raise ContentRefused(Reason.TOO_MUCH_INSIDE)
    size = _grown(content, begins.end(), most)
    if size > most:
        raise ContentRefused(Reason.TOO_MUCH_INSIDE)
    return size


def _grown(content: bytes, at: int, most: int) -> int:
    """What is unpacked from here, at most a byte more than `most`; read in parts, since few lists reach far."""
    unpacker, size = zlib.decompressobj(), 0
    while at < len(content) and size <= most and not unpacker.eof:
        try:
            size += len(unpacker.decompress(content[at : at + PART], most - size + 1))
        except zlib.error:
            return size  # not packed this way, or broken: the reader will tell
        at += PART
    return size


def ends_as_zip(content: bytes) -> bool:
    """Whether an unpacking program would find an archive here: its directory ends exactly at the end of the file."""
    at = content.rfind(_END_OF_ZIP, max(0, len(content) - 65557))
    if at < 0 or at + 22 > len(content):
        return False
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    return at + 22 + comment == len(content)
