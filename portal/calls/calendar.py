"""Deadlines as an iCalendar file; apart from `views` since it is a format of its own."""

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from portal.calls.models import Call, Phase
from portal.core.i18n import _, in_language


def deadlines_of(call: Call, *, now: datetime, url: str) -> bytes:
    """One event for each phase, at its closing instant, with a reminder two days before."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vivaio//calls//IT")
    calendar.add("version", "2.0")
    for phase in call.phases:
        calendar.add_component(_event(call, phase, now, url))
    return bytes(calendar.to_ical())


def _event(call: Call, phase: Phase, now: datetime, url: str) -> Event:
    event = Event()
    event.add("uid", f"{phase.id}@vivaio")
    event.add("dtstamp", now)
    event.add("dtstart", phase.closes_at)
    event.add("dtend", phase.closes_at)
    event.add("sequence", len(phase.deadlines))
    event.add("summary", _("Deadline: %(title)s", title=in_language(call.title)))
    event.add("description", in_language(phase.name))
    event.add("url", url)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", in_language(call.title))
    alarm.add("trigger", timedelta(days=-2))
    event.add_component(alarm)
    return event
