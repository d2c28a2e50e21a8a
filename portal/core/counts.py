"""What is counted and is no money: people, hours, events; whole hundredths of one, read strictly, never a float."""

from portal.core.errors import Invalid
from portal.core.i18n import lazy_, locale
from portal.core.money import format_cents, parse_amount

NO_NUMBER = lazy_("This is not a number. Write it like 1.234 or 12,5, and 0 for none.")


def parse_count(text: str, field: str | None = None) -> int:
    """A number as written in Italy, in hundredths of one; zero is a number. Raises Invalid with the field."""
    try:
        return parse_amount(text)
    except Invalid as fault:
        raise Invalid(NO_NUMBER, field) from fault


def format_count(hundredths: int) -> str:
    """60, 12,5 or 1.234,25 in Italian: no decimals where there are none."""
    language = locale()
    text = format_cents(hundredths, language)
    whole, comma, rest = text.rpartition("." if language == "en" else ",")
    rest = rest.rstrip("0")
    return f"{whole}{comma}{rest}" if rest else whole
