"""What every act of the office says: its number and date, and the reason that is published with it."""

from datetime import date, datetime

from portal.calls.rules import Act, Text
from portal.calls.rules.times import wall_time
from portal.core.errors import Invalid
from portal.core.i18n import LANGUAGES, lazy_
from portal.core.instants import ROME
from portal.core.text import clean_line, clean_text


def act_of(*, number: str, day: date, by: datetime | None = None) -> Act:
    """An act, or Invalid where it has no number, or a day of Rome's calendar that was not yet there at `by`."""
    text = clean_line(number)
    if not text or len(text) > 80:
        raise Invalid(lazy_("Write the number of the act, at most 80 characters."), "act_number")
    if by is not None and day > wall_time(by, ROME).date():
        raise Invalid(lazy_("This day is still to come: an act is adopted before it is carried out."), "act_date")
    return Act(number=text, date=day)


def reason_of(*, given: Text) -> Text:
    """The published reason, in both languages."""
    reason = {language: clean_text(given.get(language, "")) for language in LANGUAGES}
    for language, words in reason.items():
        if not words:
            raise Invalid(lazy_("Write the reason: it is published with the act."), f"reason_{language}")
    return reason
