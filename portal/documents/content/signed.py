"""P7M: a CMS envelope (RFC 5652) with its signature, whole, and the document that was signed.

The structure is read, as BER or DER, binary or base64; whether the signature is valid is not decided here.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from portal.documents.content.refused import ContentRefused, Reason

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _SET, _OID, _INTEGER, _OCTETS = 0x30, 0x31, 0x06, 0x02, 0x04
_CONTEXT_0, _OCTETS_IN_PARTS = 0xA0, 0x24
_DEEPEST = 12
MOST_VALUES = 200_000
"""Signing programs cut a document into parts of a kilobyte and more; a file of empty parts would only take memory."""
MOST_ENVELOPES = 5
"""Several people may sign one around the other."""
_PEM = re.compile(rb"-----(?:BEGIN|END) [A-Z0-9 ]+-----")


@dataclass(frozen=True, slots=True)
class _Item:
    """One value: its tag, where its body begins and ends, where the next one begins."""

    tag: int
    start: int
    end: int
    next: int


def signed_content(content: bytes) -> bytes:
    """The document inside the envelope, or ContentRefused."""
    der = binary(content)
    reader = _Reader(der)
    outer = reader.item(0)
    if outer.tag != _SEQUENCE:
        raise ContentRefused(Reason.OTHER_TYPE)
    kind, wrapped = _exactly(reader.items(outer), 2)
    if kind.tag != _OID or der[kind.start : kind.end] != SIGNED_DATA or wrapped.tag != _CONTEXT_0:
        raise ContentRefused(Reason.OTHER_TYPE)
    if der[outer.next :].strip(b"\0\r\n "):
        raise ContentRefused(Reason.TWO_IN_ONE)
    (signed,) = _exactly(reader.items(wrapped), 1)
    parts = reader.items(signed)
    if len(parts) < 4 or parts[0].tag != _INTEGER or parts[2].tag != _SEQUENCE or parts[-1].tag != _SET:
        raise ContentRefused(Reason.BROKEN)
    if not reader.items(parts[-1]):
        raise ContentRefused(Reason.NOT_SIGNED)
    return _document(reader, parts[2])


def _document(reader: "_Reader", encapsulated: _Item) -> bytes:
    inside = reader.items(encapsulated)
    if len(inside) < 2:  # a signature apart from its document
        raise ContentRefused(Reason.SIGNED_OTHER_TYPE)
    (octets,) = _exactly(reader.items(inside[1]), 1)
    return reader.octets(octets)


def binary(content: bytes) -> bytes:
    """DER as it is; base64, with or without its frame, decoded."""
    if content[:1] == b"\x30":
        return content
    text = b"".join(_PEM.sub(b"", content).split())
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ContentRefused(Reason.OTHER_TYPE) from error


def _exactly(items: list[_Item], count: int) -> list[_Item]:
    if len(items) != count:
        raise ContentRefused(Reason.BROKEN)
    return items


class _Reader:
    """Reads tags and lengths; every step past the end is a broken file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.values = 0

    def item(self, at: int, limit: int | None = None, depth: int = 0) -> _Item:
        """The value that begins here and must end before `limit`."""
        limit = len(self.data) if limit is None else limit
        self.values += 1
        if self.values > MOST_VALUES:
            raise ContentRefused(Reason.TOO_MUCH_INSIDE)
        if at + 2 > limit or depth > _DEEPEST:
            raise ContentRefused(Reason.BROKEN)
        tag, first = self.data[at], self.data[at + 1]
        if first == 0x80:
            return self._indefinite(tag, at + 2, limit, depth)
        start = at + 2
        length = first
        if first > 0x80:
            start += first & 0x7F
            length = int.from_bytes(self.data[at + 2 : start], "big")
        if first > 0x84 or start + length > limit:
            raise ContentRefused(Reason.BROKEN)
        return _Item(tag, start, start + length, start + length)

    def _indefinite(self, tag: int, start: int, limit: int, depth: int) -> _Item:
        at = start
        while self.data[at : at + 2] != b"\0\0":
            at = self.item(at, limit, depth + 1).next
        return _Item(tag, start, at, at + 2)

    def items(self, parent: _Item) -> list[_Item]:
        """The values inside one."""
        found = []
        at = parent.start
        while at < parent.end:
            item = self.item(at, parent.end)
            found.append(item)
            at = item.next
        return found

    def octets(self, item: _Item, depth: int = 0) -> bytes:
        """A string of bytes, whole or in parts."""
        if item.tag == _OCTETS:
            return self.data[item.start : item.end]
        if item.tag != _OCTETS_IN_PARTS or depth > _DEEPEST:
            raise ContentRefused(Reason.BROKEN)
        return b"".join(self.octets(part, depth + 1) for part in self.items(item))
