"""Who reads a note."""

from enum import StrEnum


class Readers(StrEnum):
    """Team, coach and office; coach and office; the coach who wrote it."""

    SHARED = "shared"
    OFFICE = "office"
    AUTHOR = "author"


LONGEST_NOTE = 4000
