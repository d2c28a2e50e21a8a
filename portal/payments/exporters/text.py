"""Text in the characters that every SEPA bank takes."""

import re

from text_unidecode import unidecode

LONGEST_NAME = 70
LONGEST_DESCRIPTION = 140
NOT_SEPA = re.compile(r"[^a-zA-Z0-9/?:().,'+ -]")


def sepa_text(text: str, longest: int) -> str:
    """Text in the characters every SEPA bank takes (è → e, & → blank), blanks folded, no longer than asked."""
    return " ".join(NOT_SEPA.sub(" ", unidecode(text)).split())[:longest].strip()
