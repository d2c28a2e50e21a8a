"""What several forms share."""

from portal.core.text import clean_line


def line(text: str | None) -> str:
    """A filter for fields of one line."""
    return clean_line(text or "")
