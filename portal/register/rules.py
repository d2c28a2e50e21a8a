"""Directions and the shape of numbers."""

from enum import StrEnum


class Direction(StrEnum):
    """Whether a registered document came in or went out."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


def number_label(number: int, year: int) -> str:
    """A protocol number as people write it: 0000123/2026."""
    return f"{number:07d}/{year}"


def reference_label(number: int, year: int) -> str:
    """A human reference: VIV-2026-000123."""
    return f"VIV-{year}-{number:06d}"
