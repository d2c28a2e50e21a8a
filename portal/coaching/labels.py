"""Words for the states and modes of sessions."""

from portal.coaching.notes.rules import Readers
from portal.coaching.rules import SessionMode, SessionStatus
from portal.core.i18n import lazy_

LABELS = {
    SessionStatus.PLANNED: lazy_("planned"),
    SessionStatus.HELD: lazy_("to be confirmed by the team"),
    SessionStatus.CONFIRMED: lazy_("confirmed"),
    SessionStatus.DISPUTED: lazy_("disputed by the team"),
    SessionStatus.CANCELLED: lazy_("cancelled"),
    SessionStatus.MISSED: lazy_("missed"),
}

TONES = {
    SessionStatus.PLANNED: "neutral",
    SessionStatus.HELD: "progress",
    SessionStatus.CONFIRMED: "success",
    SessionStatus.DISPUTED: "danger",
    SessionStatus.CANCELLED: "neutral",
    SessionStatus.MISSED: "warning",
}

MODES = {SessionMode.IN_PERSON: lazy_("in person"), SessionMode.REMOTE: lazy_("remote")}

READERS = {
    Readers.SHARED: lazy_("team, coach and office"),
    Readers.OFFICE: lazy_("coach and office"),
    Readers.AUTHOR: lazy_("I alone"),
}
"""Who reads a note, as its writer chooses."""
