"""Text as people paste it, made one: NFC, one kind of line end, nothing invisible where a line is shown as a name."""

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f]")


def is_storable(text: str) -> bool:
    """Whether no NUL and no lone surrogate is in it: no database, PDF or XML file can hold these."""
    return not _UNSTORABLE.search(text)


def storable(text: str) -> str:
    """The same text with a replacement character for each NUL and lone surrogate."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


def clean_text(text: str) -> str:
    """Several lines: every line end counts as one \\n, composed characters (NFC), no control characters."""
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", storable(text)))
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str) -> str:
    """One line: as `clean_text`, blanks folded, no zero-width character, no mark that turns the direction."""
    return unicodedata.normalize("NFC", " ".join(visible(clean_text(text)).split()))


def visible(text: str) -> str:
    """The same text without zero-width characters and marks that turn the reading direction."""
    return _INVISIBLE.sub("", text)


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing."""
    return not clean_line(text)
