"""XML and CSV: text that is read, never run; XML without declarations of its own, so that nothing in it expands."""

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from portal.documents.content.refused import ContentRefused, Reason

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def looks_like_xml(content: bytes) -> bool:
    """Whether it says that it is XML, whatever its encoding; HTML does not."""
    return _head(content).startswith(b"<?xml")


def looks_like_text(content: bytes) -> bool:
    """Whether it is text: no mark-up, and nothing that only binary files hold."""
    return not content.startswith(_MARKS[1:]) and b"\0" not in content[:8192] and not _head(content).startswith(b"<")


def _head(content: bytes) -> bytes:
    head = content[:256]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip()


def check_xml(content: bytes) -> bytes:
    """The same bytes, or ContentRefused: no document type, no entity of its own, nothing fetched (XXE)."""
    try:
        fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ContentRefused(Reason.UNSAFE_XML) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ContentRefused(Reason.BROKEN) from error
    return content


def check_csv(content: bytes) -> bytes:
    """The same bytes, or ContentRefused: text from its beginning to its end."""
    if b"\0" in content:
        raise ContentRefused(Reason.OTHER_TYPE)
    return content
