"""What reading an answer gives."""

from dataclasses import dataclass
from typing import Any

from portal.core.i18n import lazy_


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value, or a fault in the user's words; neither for an empty answer.

    Rows may have both: the cells that could be read, and in `cells` what was typed in the others, by row and column.
    """

    value: Any = None
    fault: object | None = None
    cells: dict[str, dict[str, str]] | None = None


UNSTORABLE = lazy_("This answer holds characters that cannot be kept. Delete what looks odd in it, or write it again.")
UNFIT = lazy_("This answer does not fit the question as it is now. Answer it again.")
