"""Reading coaching: one engagement with its sessions, a coach's teams, the minutes that count."""

from portal.coaching.queries.due import asks, due_steps
from portal.coaching.queries.hours import Hours, confirmed_minutes, hours_of, minutes_used, minutes_with_earlier_coaches
from portal.coaching.queries.part import grant_part
from portal.coaching.queries.reading import (
    application_to_coach,
    coaches_of,
    engagement_of,
    engagement_to_read,
    members_of,
    overlapping,
    session_for,
    session_to_change,
)
from portal.coaching.queries.teams import Team, engagements_of, teams_of

__all__ = [
    "Hours",
    "Team",
    "application_to_coach",
    "asks",
    "coaches_of",
    "confirmed_minutes",
    "due_steps",
    "engagement_of",
    "engagement_to_read",
    "engagements_of",
    "grant_part",
    "hours_of",
    "members_of",
    "minutes_used",
    "minutes_with_earlier_coaches",
    "overlapping",
    "session_for",
    "session_to_change",
    "teams_of",
]
