"""Who writes to whom, and how much. Pure."""

from enum import StrEnum

from portal.documents.rules import MAY_BE_SERVED, ScanState

LONGEST = 4_000
MOST_UNREAD = 20
"""So many messages of one side wait for the other; then the first is to be read before another is written."""
MOST_SHOWN = 200
"""The newest of a file that its page shows."""


FILE_KINDS = ("pdf", "p7m", "png", "jpg", "jpeg", "docx", "xlsx")
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 5


def is_shown(state: ScanState, *, is_own: bool) -> bool:
    """A side sees its own files whatever their scan says; of the other side's those alone that can be opened."""
    return is_own or state in MAY_BE_SERVED


class Side(StrEnum):
    """The two sides of a file: whoever applies, and the authority."""

    TEAM = "team"
    OFFICE = "office"
