"""XML of strangers, whatever its version calls its namespace: elements are found by their local names."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.payments.bank.reading.refused import Unreadable

ROME = ZoneInfo("Europe/Rome")
LONGEST_INFO = 300
AMOUNT = re.compile(r"(?P<whole>[0-9]{1,12})(?:\.(?P<cents>[0-9]{0,2})0*)?")
A_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
"""A day, which XML lets carry a zone."""
NOT_GIVEN = frozenset({"", "NOTPROVIDED", "NONREF"})


def parsed(content: bytes) -> Element:
    """The root of a document without a document type: no entity, no outside file, no growth (XXE, billion laughs)."""
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Unreadable(
            lazy_("This XML cannot be read, or holds what no bank sends. Download it from the bank again.")
        ) from error
    return root


def name_of(node: Element) -> str:
    """Its name without a namespace."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def children(node: Element, name: str) -> Iterator[Element]:
    """Its children of this name."""
    return (each for each in node if name_of(each) == name)


def found(node: Element | None, *path: str) -> Element | None:
    """The first element at the end of a path."""
    for name in path:
        node = next(children(node, name), None) if node is not None else None
    return node


def text_at(node: Element | None, *path: str) -> str:
    """The text at the end of a path, as one clean line; empty where there is none."""
    at = found(node, *path)
    return clean_line(at.text or "")[:LONGEST_INFO] if at is not None else ""


def reference_at(node: Element | None, *path: str) -> str:
    """A reference, or nothing where the bank writes that there is none. None of ours is longer than 35 signs."""
    text = text_at(node, *path)
    return "" if text.upper() in NOT_GIVEN else text[:35]


def iban_at(node: Element | None, *path: str) -> str | None:
    """The IBAN of an account, as ours are kept; None where there is none."""
    text = text_at(node, *path, "Id", "IBAN").replace(" ", "").upper()
    return text[:34] or None


def cents_of(node: Element | None) -> tuple[int | None, bool]:
    """An amount in cents with whether it is in euros; None where there is no amount."""
    if node is None:
        return None, True
    return cents(node.text or ""), node.get("Ccy", "EUR") == "EUR"


def cents(text: str) -> int:
    """An amount as XML writes it (1234.5). Raises Unreadable for what is none, or has thousandths."""
    amount = AMOUNT.fullmatch(text.strip())
    if amount is None:
        raise Unreadable(lazy_("“%(text)s” is not an amount: the file is damaged.", text=clean_line(text)[:40]))
    return int(amount["whole"]) * 100 + int((amount["cents"] or "").ljust(2, "0"))


def day_of(text: str) -> date | None:
    """The day by Rome's calendar of a date or an instant; None where nothing is written."""
    if not text:
        return None
    try:
        if A_DATE.fullmatch(text):
            return date.fromisoformat(text[:10])
        instant = datetime.fromisoformat(text)
        return (instant.astimezone(ROME) if instant.tzinfo else instant).date()
    except (ValueError, OverflowError) as error:
        raise Unreadable(lazy_("“%(text)s” is not a day: the file is damaged.", text=text[:40])) from error
