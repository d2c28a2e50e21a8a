"""The dates of a call as an iCalendar file; apart from `views` since it is a format of its own."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from portal.calls.models import Call, Phase
from portal.core.i18n import _, in_language
from portal.core.text import clean_line


def deadlines_of(call: Call, *, now: datetime, url: str) -> bytes:
    """For each phase its opening and its deadline, with a reminder two days before.

    An extension raises SEQUENCE, so that calendars move the event that they have; a cancelled call cancels its events.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Vivaio//calls//IT")
    calendar.add("version", "2.0")
    for phase in call.phases:
        calendar.add_component(_opening(call, phase, now, url))
        calendar.add_component(_deadline(call, phase, now, url))
    return bytes(calendar.to_ical())


def _opening(call: Call, phase: Phase, now: datetime, url: str) -> Event:
    event = _event(call, phase, phase.opens_at, now, url)
    event.add("uid", f"{phase.id}-opens@vivaio")
    event.add("sequence", 1 if call.is_cancelled else 0)
    event.add("summary", _("Applications open: %(title)s", title=_line(call.title)))
    return event


def _deadline(call: Call, phase: Phase, now: datetime, url: str) -> Event:
    event = _event(call, phase, phase.closes_at, now, url)
    event.add("uid", f"{phase.id}@vivaio")
    event.add("sequence", len(phase.deadlines) + (1 if call.is_cancelled else 0))
    event.add("summary", _("Deadline: %(title)s", title=_line(call.title)))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _line(call.title))
    alarm.add("trigger", timedelta(days=-2))
    event.add_component(alarm)
    return event


def _line(text: Mapping[str, str]) -> str:
    """One line without control characters: a calendar is made of lines."""
    return clean_line(in_language(text))


def _event(call: Call, phase: Phase, at: datetime, now: datetime, url: str) -> Event:
    event = Event()
    event.add("dtstamp", now)
    event.add("dtstart", at)
    event.add("dtend", at)
    event.add("status", "CANCELLED" if call.is_cancelled else "CONFIRMED")
    event.add("description", _line(phase.name))
    event.add("url", url)
    return event
