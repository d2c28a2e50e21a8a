"""Directions and the shape of numbers."""

from datetime import date
from enum import StrEnum


class Direction(StrEnum):
    """Whether a registered document came in or went out."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


def number_label(number: int, year: int) -> str:
    """A protocol number as people write it: 0000123/2026."""
    return f"{number:07d}/{year}"


def protocol_mark(code: str, number: int, day: date) -> str:
    """The mark of a registered document (segnatura): code of the register's area (AOO), number, day."""
    return f"{code} / {number:07d} / {day:%d/%m/%Y}"


def reference_label(number: int, year: int) -> str:
    """A human reference: VIV-2026-000123."""
    return f"VIV-{year}-{number:06d}"
