"""Limits of sign-in and of sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
IDLE_FOR = {"finance": timedelta(minutes=30), "staff": timedelta(minutes=30), "applicant": timedelta(hours=2)}
ABSOLUTE_FOR = {"finance": timedelta(hours=8), "staff": timedelta(hours=12), "applicant": timedelta(hours=24)}
STEP_UP_FOR = timedelta(minutes=10)
"""How long a second factor counts as fresh for the gravest acts."""
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class SessionEnds:
    """When a sign-in ends: unused, and in any case."""

    idle: datetime
    absolute: datetime


def session_ends(*, is_staff: bool, began: datetime, seen: datetime) -> SessionEnds:
    """The ends of a session by kind of user (security rules: staff 30 min / 12 h, applicants 2 h / 24 h)."""
    kind = "staff" if is_staff else "applicant"
    return SessionEnds(idle=seen + IDLE_FOR[kind], absolute=began + ABSOLUTE_FOR[kind])
