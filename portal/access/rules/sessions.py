"""Limits of sign-in and of sessions, and what a browser tells of its device."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.access.policy import FINANCE_ROLES, STAFF

MOST_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
IDLE_FOR = {"finance": timedelta(minutes=30), "staff": timedelta(minutes=30), "applicant": timedelta(hours=2)}
ABSOLUTE_FOR = {"finance": timedelta(hours=8), "staff": timedelta(hours=12), "applicant": timedelta(hours=24)}
FORMER_TOKEN_FOR = timedelta(minutes=1)
"""How long the token before the last one opens what it opened before: for what a browser had under way."""

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Chromium", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
"""The first word found in a user agent wins: most browsers also name those that they resemble."""


@dataclass(frozen=True, slots=True)
class SessionEnds:
    """When a sign-in ends: unused, and in any case."""

    idle: datetime
    absolute: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """What a user agent tells: browser and system, each "" when unknown."""

    browser: str
    system: str


def session_ends(*, roles: Collection[str], began: datetime, seen: datetime) -> SessionEnds:
    """The ends of a session by the strictest of the roles held (security rules 5.3: finance 30 min / 8 h,
    other staff 30 min / 12 h, everybody else 2 h / 24 h)."""
    held = set(roles)
    kind = "finance" if held & FINANCE_ROLES else "staff" if held & STAFF else "applicant"
    absolute = began + ABSOLUTE_FOR[kind]
    return SessionEnds(idle=min(seen + IDLE_FOR[kind], absolute), absolute=absolute)


def device_of(user_agent: str) -> Device:
    """The device in words that its owner recognises."""
    return Device(browser=_first(BROWSERS, user_agent), system=_first(SYSTEMS, user_agent))


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for word, name in known if word in user_agent), "")
