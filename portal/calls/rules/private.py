"""What in a published question would tell who asked it. Pure."""

import re
from enum import StrEnum


class Private(StrEnum):
    """What is taken out before a question is published."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    FISCAL_CODE = "fiscal_code"
    IBAN = "iban"


PATTERNS = {
    Private.EMAIL: re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[a-z]{2,}", re.IGNORECASE),
    Private.PHONE: re.compile(r"(?<![\d.,])(?:\+39[ .]?|0039[ .]?)?3\d{2}[ ./-]?\d{3}[ ./-]?\d{3,4}(?![\d.,]\d|\d)"),
    Private.FISCAL_CODE: re.compile(r"\b[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]\b", re.IGNORECASE),
    Private.IBAN: re.compile(r"\bIT\s?\d{2}\s?[a-z](?:\s?\d){10}(?:\s?[0-9a-z]){12}\b", re.IGNORECASE),
}


def private_in(text: str, *, name: str | None = None) -> list[Private]:
    """What of somebody stands in a text: addresses, numbers, and the whole name of whoever asked."""
    found = [kind for kind, pattern in PATTERNS.items() if pattern.search(text)]
    return [Private.NAME, *found] if name and names(text, name) else found


def names(text: str, name: str) -> bool:
    """Whether every word of a name of several words stands in a text."""
    words = name.casefold().split()
    return len(words) > 1 and set(words) <= set(re.findall(r"[\w'’-]+", text.casefold()))
