"""When a team is rated, what a rating must say, and who sees whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.calls.rules.design import MaturityMoment, MaturityRules, RatingsSeen
from portal.grants.rules import GrantStatus, months_after

LIVE = frozenset({GrantStatus.ACTIVE, GrantStatus.SUSPENDED, GrantStatus.CLOSING, GrantStatus.CLOSED})
"""Grants whose teams are rated: under way, or come to their end."""
LONGEST_NOTE = 1000
LONGEST_WORDS = 1000
A_YEAR = 12
"""Months between the end and the last rating."""
ORDER = tuple(MaturityMoment)
"""Moments as they follow each other."""


class Side(StrEnum):
    """Who rates: the team itself, or its coach."""

    TEAM = "team"
    COACH = "coach"


@dataclass(frozen=True, slots=True)
class Planned:
    """One moment at which a team is rated: from which day, until which."""

    moment: MaturityMoment
    opens_on: date
    due_on: date


def moments_of(rules: MaturityRules, starts_on: date, ends_on: date) -> list[Planned]:
    """The moments that a call asks for, in their order, between the two days of a project and a year after."""
    opens = {
        MaturityMoment.ENTRY: starts_on,
        MaturityMoment.MIDDLE: starts_on + (ends_on - starts_on) / 2,
        MaturityMoment.END: ends_on,
        MaturityMoment.AFTER: months_after(ends_on, A_YEAR),
    }
    wait = timedelta(days=rules.answer_days)
    return [Planned(moment, opens[moment], opens[moment] + wait) for moment in ORDER if moment in rules.moments]


def highest_of(rules: MaturityRules) -> int:
    """The highest level that every dimension describes."""
    return min((len(each.levels) for each in rules.dimensions), default=1)


def missing_levels(rules: MaturityRules, levels: Mapping[str, int]) -> list[str]:
    """The dimensions that are not rated yet, or at a level that nobody described."""
    return [each.key for each in rules.dimensions if not 1 <= levels.get(each.key, 0) <= len(each.levels)]


def is_shown(seen: RatingsSeen, *, viewer: Side | None, of: Side, finals: Sequence[Side]) -> bool:
    """Whether whoever looks sees the final rating of a side; the office (no side) sees every final one."""
    if of not in finals:
        return False
    if viewer in (None, of) or seen is RatingsSeen.AS_GIVEN:
        return True
    return seen is RatingsSeen.AFTER_BOTH and viewer in finals


def mean_hundredths(levels: Mapping[str, int]) -> int:
    """The mean level in hundredths, half up."""
    if not levels:
        return 0
    return (200 * sum(levels.values()) + len(levels)) // (2 * len(levels))
