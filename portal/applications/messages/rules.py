"""Who writes to whom, and how much. Pure."""

from enum import StrEnum

LONGEST = 4_000
MOST_UNREAD = 20
"""So many messages of one side wait for the other; then the first is to be read before another is written."""
MOST_SHOWN = 200
"""The newest of a file that its page shows."""


class Side(StrEnum):
    """The two sides of a file: whoever applies, and the authority."""

    TEAM = "team"
    OFFICE = "office"
