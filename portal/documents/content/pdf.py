"""PDF: begins and ends as one, is nothing else besides, and opens without a password."""

import re

from portal.documents.content.refused import ContentRefused, Reason

TAIL = 1024
_ENCRYPT = re.compile(rb"/Encrypt[\s]*(?:[0-9]+\s+[0-9]+\s+R|<<)")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|script|svg|body|iframe)[\s>]", re.IGNORECASE)
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
    return content


def ends_as_zip(content: bytes) -> bool:
    """Whether an unpacking program would find an archive here: its directory ends exactly at the end of the file."""
    at = content.rfind(_END_OF_ZIP, max(0, len(content) - 65557))
    if at < 0 or at + 22 > len(content):
        return False
    comment = int.from_bytes(content[at + 20 : at + 22], "little")
    return at + 22 + comment == len(content)
