"""Limits of meetings, and what closing an accompaniment will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.core.errors import Invalid
from portal.core.i18n import lazy_

SHORTEST, LONGEST = 15, 600
LONGEST_TITLE, LONGEST_REASON = 200, 2000


@dataclass(frozen=True, slots=True)
class TeamHours:
    """What one team attended of what was offered, in minutes, and what it needs."""

    application_id: UUID
    reference: str
    name: str
    attended: int
    needed: int
    is_invited: bool

    @property
    def is_enough(self) -> bool:
        """Whether it reached the minimum."""
        return self.attended >= self.needed

    @property
    def short_by(self) -> int:
        """Minutes that it lacks."""
        return max(0, self.needed - self.attended)


@dataclass(frozen=True, slots=True)
class ClosingEffect:
    """What closing will do: whom it invites, and whom it tells why not."""

    invited: Sequence[TeamHours]
    told: Sequence[TeamHours]


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting as the clock has it."""

    starts_at: datetime
    minutes: int

    def is_during(self, other: "Held") -> bool:
        """Whether the two overlap: a team is at one of them."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def ends_at(self) -> datetime:
        """When it was over."""
        return self.starts_at + timedelta(minutes=self.minutes)


def effect_of_closing(teams: Sequence[TeamHours]) -> ClosingEffect:
    """Teams that reached the minimum are invited, the others are told with their figures; nobody a second time."""
    waiting = [each for each in teams if not each.is_invited]
    return ClosingEffect([each for each in waiting if each.is_enough], [each for each in waiting if not each.is_enough])


def checked_meeting(starts_at: datetime, minutes: int, begins_at: datetime, now: datetime) -> None:
    """Return if a meeting of so many minutes can be noted; Invalid where it is not over, or before the ranking."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(
            lazy_("A meeting lasts from %(least)d to %(most)d minutes.", least=SHORTEST, most=LONGEST), "minutes"
        )
    if starts_at + timedelta(minutes=minutes) > now:
        raise Invalid(lazy_("A meeting is noted once it is over: check day, time and minutes."), "starts_at")
    if starts_at < begins_at:
        raise Invalid(
            lazy_("The accompaniment begins once the ranking of its phase is final: check the day."), "starts_at"
        )
