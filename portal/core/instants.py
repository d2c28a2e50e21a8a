"""Instants in words: weekday, date, time and zone, the same on every page, mail and PDF (P2)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date

from portal.core.i18n import _

ROME = "Europe/Rome"


def format_instant(instant: datetime | None, zone: str = ROME) -> str:
    """Weekday, date, time and zone in words: the same on every page, mail and PDF (P2)."""
    if instant is None:
        return "–"
    local = instant.astimezone(ZoneInfo(zone))
    day = format_date(local.date(), "EEEE d MMMM yyyy", rebase=False)
    place = _("Rome time") if zone == ROME else zone
    seconds = f":{local.second:02d}" if local.second else ""
    return f"{day}, {local:%H:%M}{seconds} ({place})"


def format_day(day: date | datetime | None) -> str:
    """A day in words, by Rome's calendar for instants."""
    if day is None:
        return "–"
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(ROME)).date()
    return str(format_date(day, "d MMMM yyyy", rebase=False))


def format_month(day: date) -> str:
    """A month in words, from any of its days."""
    return str(format_date(day, "MMMM yyyy", rebase=False))


def format_hours(minutes: int) -> str:
    """90 → 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d} min" if rest else f"{hours} h"


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant that is written in the reader's language only when it is read."""

    at: datetime
    zone: str = ROME

    def __str__(self) -> str:
        return format_instant(self.at, self.zone)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is written in the reader's language only when it is read."""

    day: date

    def __str__(self) -> str:
        return format_day(self.day)


@dataclass(frozen=True, slots=True)
class Month:
    """A month that is written in the reader's language only when it is read."""

    day: date

    def __str__(self) -> str:
        return format_month(self.day)
