"""Meetings as iCalendar: an invitation in a message (RFC 5546), and the feed of a coach.

Times are written in Rome with their time zone defined beside them; stamps in UTC, as both must be (RFC 5545, 3.3.5).
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from flask import current_app
from icalendar import Calendar, Event, Timezone

from portal.coaching.models import Appointment
from portal.coaching.rules import ROME, SessionMode
from portal.core.config import Settings
from portal.core.i18n import _
from portal.core.text import clean_line

ZONE_FROM, ZONE_TO = date(2020, 1, 1), date(2040, 1, 1)


def invitation_of(row: Appointment, *, now: datetime) -> str:
    """A meeting that is agreed, moved or cancelled, for the calendars of whoever gets the message."""
    calendar = _calendar("CANCEL" if row.is_cancelled else "REQUEST")
    calendar.add_component(_event(row, now))
    return bytes(calendar.to_ical()).decode()


def feed_of(rows: Iterable[Appointment], *, now: datetime) -> bytes:
    """All meetings of a coach; cancelled ones say so, so that calendars that have them follow."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", clean_line(_("Coaching")))
    calendar.add("refresh-interval;value=duration", "PT1H")
    for row in rows:
        calendar.add_component(_event(row, now))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Vivaio//coaching//IT")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_rome())
    return calendar


@lru_cache(maxsize=1)
def _rome() -> Timezone:
    return Timezone.from_tzinfo(ROME, "Europe/Rome", ZONE_FROM, ZONE_TO)


def _event(row: Appointment, now: datetime) -> Event:
    settings: Settings = current_app.extensions["settings"]
    team = clean_line(row.engagement.organisation.name)
    starts, ends = row.starts_at or now, row.ends_at or now
    event = Event()
    event.add("uid", f"{row.id}@vivaio")
    event.add("dtstamp", now)
    event.add("last-modified", row.status_at)
    event.add("sequence", row.sequence)
    event.add("dtstart", starts.astimezone(ROME))
    event.add("dtend", ends.astimezone(ROME))
    event.add("status", "CANCELLED" if row.is_cancelled else "CONFIRMED")
    event.add("summary", clean_line(_("Coaching: %(team)s", team=team)))
    where = row.link if row.mode is SessionMode.REMOTE else row.place
    if where:
        event.add("location", clean_line(where))
    event.add("organizer", f"mailto:{settings.mail_from.rpartition('<')[2].rstrip('>')}")
    event.add("url", f"{settings.origin}/engagements/{row.engagement_id}")
    return event
