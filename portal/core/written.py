"""A text that somebody must write: not blank, not longer than its place."""

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_text, is_blank


def written(text: str, *, most: int, field: str, empty: object) -> str:
    """The text as it is kept. Raises Invalid of `field` with the words `empty` where a reader would see nothing."""
    text = clean_text(text)
    if is_blank(text):
        raise Invalid(empty, field)
    if len(text) > most:
        raise Invalid(lazy_("At most %(most)d characters, these are %(n)d.", most=most, n=len(text)), field)
    return text
