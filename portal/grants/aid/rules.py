"""De minimis aid: what counts for a single undertaking, and whether a whole new grant fits. Pure.

Reg. (EU) 2023/2831, art. 3: EUR 300 000 to a single undertaking over any three years, day by day from the day of
entitlement; where a new grant would go beyond, the whole grant cannot use the Regulation (art. 3(7)).
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.calls.rules import AidRegime, AidRules
from portal.calls.rules.design import in_cents

CEILINGS = {AidRegime.DE_MINIMIS: Decimal(300_000), AidRegime.DE_MINIMIS_SGEI: Decimal(750_000)}
"""Euro: Reg. (EU) 2023/2831, art. 3(2), and Reg. (EU) 2023/2832 for services of general economic interest. [M]"""
REGIMES = frozenset(CEILINGS)


@dataclass(frozen=True, slots=True)
class Aid:
    """Aid that was granted: the day of entitlement, not of payment; gross, whole, not by tranche."""

    granted_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much may be given over how many years; whether the day exactly so many years before still counts."""

    cents: int
    years: int = 3
    boundary_day_counts: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a whole new grant fits: the aid that counts in the fullest period around its day, and the ceiling."""

    counted_cents: int
    new_cents: int
    ceiling_cents: int
    until: date
    """The last day of that period."""

    @property
    def fits(self) -> bool:
        """Whether the ceiling is kept, the new grant counted whole."""
        return self.counted_cents + self.new_cents <= self.ceiling_cents

    @property
    def room_cents(self) -> int:
        """What could still be given."""
        return max(self.ceiling_cents - self.counted_cents, 0)


def ceiling_of(regime: AidRegime, rules: AidRules) -> Ceiling:
    """The ceiling that a call keeps under these rules on State aid."""
    amount = rules.ceiling if rules.ceiling is not None else CEILINGS[regime]
    return Ceiling(in_cents(amount), rules.years, rules.boundary_day_counts)


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 28 February where that year has no 29th."""
    year = day.year - years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def counts(aid: Aid, until: date, ceiling: Ceiling) -> bool:
    """Whether aid falls in the period that ends on this day."""
    start = years_before(until, ceiling.years)
    return (start <= aid.granted_on if ceiling.boundary_day_counts else start < aid.granted_on) and (
        aid.granted_on <= until
    )


def verdict_on(new: Aid, given: Iterable[Aid], ceiling: Ceiling) -> Verdict:
    """The fullest of all periods in which the new grant would stand: those that end on its day or on a later aid's."""
    known = tuple(given)
    ends = [new.granted_on, *(each.granted_on for each in known if each.granted_on > new.granted_on)]
    sums = [
        (sum(each.cents for each in known if counts(each, end, ceiling)), end)
        for end in ends
        if counts(new, end, ceiling)
    ]
    counted, until = max(sums, key=lambda found: (found[0], -found[1].toordinal()))
    return Verdict(counted, new.cents, ceiling.cents, until)
