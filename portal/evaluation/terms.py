"""Acts and remedies: what a number and a date must be, and until when a decision can be challenged.

The first day is never counted. The court's 60 days stand still from 1 to 31 August and end on no Saturday (artt. 41, 52
and 54 c.p.a.); the 120 days of the extraordinary appeal run through August (art. 9 D.P.R. 1199/1971). A last day that
is a holiday moves to the next working day. All of it from memory: a call says it better in its text `remedies`.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.applications.admissibility import is_holiday
from portal.core.errors import InvalidForm
from portal.core.i18n import lazy_
from portal.core.text import clean_line

ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)
AUGUST, SATURDAY = 8, 5
Rule = Callable[[date], bool]
LONGEST_NUMBER = 80
COURT_DAYS = 60
"""Days to appeal to the regional court from publication (domain §2; from memory: the office confirms it)."""
PRESIDENT_DAYS = 120
"""Days for the extraordinary appeal to the Head of State (domain §2; from memory: the office confirms it)."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """The last days on which a published decision can be challenged, and the day they are counted from."""

    court: date
    president: date
    since: date


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
    court = after_days(
        day, COURT_DAYS, stands_still=is_vacation, is_free=lambda each: is_off(each) or is_vacation(each)
    )
    return Remedies(court, after_days(day, PRESIDENT_DAYS), day)


def is_vacation(day: date) -> bool:
    """Whether the terms of the courts stand still (1-31 August)."""
    return day.month == AUGUST


def is_off(day: date) -> bool:
    """Holidays, and Saturdays: no term of a court ends on one."""
    return day.weekday() == SATURDAY or is_holiday(day)


def after_days(day: date, days: int, *, stands_still: Rule | None = None, is_free: Rule = is_holiday) -> date:
    """The last of so many days after this one: those on which the term stands still are not counted, and the last one
    moves on as long as it is free.
    """
    last, left = day, days
    while left:
        last += DAY
        left -= stands_still is None or not stands_still(last)
    while is_free(last):
        last += DAY
    return last


def observations_until(published_at: datetime, days: int, zone: str) -> date | None:
    """The last day for observations on a provisional ranking; None where the call asks for none."""
    return after_days(day_at(published_at, zone), days) if days else None


def valid_until(final_at: datetime, months: int | None, zone: str) -> date | None:
    """The last day on which those who follow may move up: so many months after the final ranking, same day."""
    if months is None:
        return None
    day = day_at(final_at, zone)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_at(instant: datetime, zone: str) -> date:
    """The day of an instant by the calendar of a zone."""
    return instant.astimezone(ZoneInfo(zone)).date()
