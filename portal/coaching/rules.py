"""Sessions: their states, moves and limits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move


class SessionStatus(StrEnum):
    """A held session is confirmed or disputed by the team."""

    PLANNED = "planned"
    HELD = "held"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    MISSED = "missed"


CONFIRM = Move("confirm", frozenset({SessionStatus.HELD, SessionStatus.DISPUTED}), SessionStatus.CONFIRMED)
CONFIRM_BY_SILENCE = Move("confirm_by_silence", frozenset({SessionStatus.HELD}), SessionStatus.CONFIRMED)
DISPUTE = Move("dispute", frozenset({SessionStatus.HELD}), SessionStatus.DISPUTED)
WITHDRAW = Move("withdraw", frozenset({SessionStatus.HELD, SessionStatus.DISPUTED}), SessionStatus.CANCELLED)

COUNTED = frozenset({SessionStatus.HELD, SessionStatus.CONFIRMED, SessionStatus.DISPUTED})
"""Sessions that took place: they use the allowance."""


class SessionMode(StrEnum):
    """How coach and team met."""

    IN_PERSON = "in_person"
    REMOTE = "remote"


SHORTEST = 15
LONGEST = 8 * 60
OLDEST_LOG = timedelta(days=60)
SILENT_FOR = timedelta(days=30)
"""After so long without a session the coach is reminded of the team."""
LONGEST_SUMMARY = 4000
LONGEST_REASON = 2000
ROME = ZoneInfo("Europe/Rome")


def instant_in_rome(local: datetime) -> datetime:
    """The instant of a wall time in Rome; the first of two in October, Invalid in the hour missing in March."""
    instant = local.replace(tzinfo=ROME, fold=0).astimezone(UTC)
    if instant.astimezone(ROME).replace(tzinfo=None) != local.replace(fold=0):
        raise Invalid(lazy_("On that day clocks skipped this hour: write the time before or after it."), "starts_at")
    return instant


def checked_times(starts_at: datetime, minutes: int, now: datetime) -> datetime:
    """The end of a session of so many minutes; Invalid for one too short, too long, in the future or too old."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(
            lazy_("A session lasts from %(least)d to %(most)d minutes.", least=SHORTEST, most=LONGEST), "minutes"
        )
    ends_at = starts_at + timedelta(minutes=minutes)
    if ends_at > now:
        raise Invalid(lazy_("A session is logged once it is over: check day, time and minutes."), "starts_at")
    if starts_at < now - OLDEST_LOG:
        raise Invalid(
            lazy_("A session is logged within %(days)d days. Ask the office for an older one.", days=OLDEST_LOG.days),
            "starts_at",
        )
    return ends_at


@dataclass(frozen=True, slots=True)
class Coached:
    """Minutes with every coach a team had, of the allowance of the one it has now."""

    coach: str | None = None
    engagement_id: UUID | None = None
    used: int = 0
    waiting: int = 0
    allowance: int = 0
    last: datetime | None = None

    @property
    def last_on(self) -> date | None:
        """Rome's day of the last session."""
        return self.last.astimezone(ROME).date() if self.last else None
