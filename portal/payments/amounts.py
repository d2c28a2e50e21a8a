"""Amounts as people type them on the pages of payments."""

from wtforms import StringField

from portal.core.errors import Invalid
from portal.core.money import parse_amount


class MoneyField(StringField):  # type: ignore[misc]
    """An amount, as its component shows it."""

    def cents(self) -> int | None:
        """The amount in cents; None where nothing is written. Raises Invalid of this field."""
        text = (self.data or "").strip()
        if not text:
            return None
        try:
            return parse_amount(text)
        except Invalid as wrong:
            raise Invalid(wrong.message, self.short_name) from None
