"""Acts and remedies: what a number and a date must be, and until when a decision can be challenged."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.core.errors import InvalidForm
from portal.core.i18n import lazy_
from portal.core.text import clean_line

ROME = ZoneInfo("Europe/Rome")
LONGEST_NUMBER = 80
COURT_DAYS = 60
"""Days to appeal to the regional court from publication (domain §2; from memory: the office confirms it)."""
PRESIDENT_DAYS = 120
"""Days for the extraordinary appeal to the Head of State (domain §2; from memory: the office confirms it)."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """The last days on which a published decision can be challenged."""

    court: date
    president: date


def checked_act(number: str, day: date | None, now: datetime) -> tuple[str, date]:
    """The number without stray blanks, and a day that is not in the future; raises InvalidForm."""
    text = clean_line(number)
    errors: dict[str, object] = {}
    if not text or len(text) > LONGEST_NUMBER:
        errors["act_number"] = lazy_("Write the number of the act, at most 80 characters.")
    if day is None:
        errors["act_date"] = lazy_("Write the date of the act.")
    elif day > now.astimezone(ROME).date():
        errors["act_date"] = lazy_("The date of the act cannot be in the future.")
    if errors or day is None:
        raise InvalidForm(errors)
    return text, day


def remedies_from(published_at: datetime) -> Remedies:
    """The terms counted from the day of publication by Rome's calendar."""
    day = published_at.astimezone(ROME).date()
    return Remedies(day + timedelta(days=COURT_DAYS), day + timedelta(days=PRESIDENT_DAYS))


def day_at(instant: datetime, zone: str) -> date:
    """The day of an instant by the calendar of a zone."""
    return instant.astimezone(ZoneInfo(zone)).date()
