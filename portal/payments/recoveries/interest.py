"""Interest on money to be returned: simple, by the day, at the rates of the days. Pure.

Legal interest (art. 1284 of the civil code) changes on 1 January by decree: the table is data, and an act keeps the
rates it was counted with. A call may declare one rate of its own instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_OF_A_YEAR = 365
WHOLE = 10_000
"""Basis points of the whole."""
DECREES: Mapping[int, tuple[int, str]] = {
    2010: (100, "DM 4/12/2009"),
    2011: (150, "DM 7/12/2010"),
    2012: (250, "DM 12/12/2011"),
    2013: (250, "DM 12/12/2011"),
    2014: (100, "DM 12/12/2013"),
    2015: (50, "DM 11/12/2014"),
    2016: (20, "DM 11/12/2015"),
    2017: (10, "DM 7/12/2016"),
    2018: (30, "DM 12/12/2017"),
    2019: (80, "DM 12/12/2018"),
    2020: (5, "DM 12/12/2019"),
    2021: (1, "DM 11/12/2020"),
    2022: (125, "DM 13/12/2021"),
    2023: (500, "DM 13/12/2022"),
    2024: (250, "DM 29/11/2023"),
    2025: (200, "DM 10/12/2024"),
    2026: (160, "DM 10/12/2025"),
}
"""Basis points a year, and the decree that set them; where none is published by 15 December the rate stays."""
LEGAL: Mapping[int, int] = {year: rate for year, (rate, _decree) in DECREES.items()}


@dataclass(frozen=True, slots=True)
class Rates:
    """Basis points a year: one rate for all days, or those of a table; a year beyond the table counts as its last."""

    fixed: int | None = None
    table: Mapping[int, int] | None = None

    def of(self, year: int) -> int:
        """The rate of the days of a year; a year before the table counts as its first."""
        if self.fixed is not None:
            return self.fixed
        known = LEGAL if self.table is None else self.table
        return known[min(max(year, min(known)), max(known))]


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one year on which the same sum bore interest: from the first, up to the last and without it."""

    since: date
    until: date
    rate: int

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days


def spans(since: date, until: date, rates: Rates) -> Iterator[Span]:
    """The days from `since` (borne) to `until` (not borne) by calendar year; none where there is no day between."""
    start = since
    while start < until:
        end = min(until, date(start.year + 1, 1, 1))
        yield Span(start, end, rates.of(start.year))
        start = end


def interest(cents: int, since: date, until: date, rates: Rates) -> int:
    """Simple interest on a sum, in whole cents; what is left of a cent is in favour of who pays."""
    borne = sum(each.days * each.rate for each in spans(since, until, rates))
    return cents * borne // (WHOLE * DAYS_OF_A_YEAR)


@dataclass(frozen=True, slots=True)
class PaidPart:
    """A part of a payment that is asked back: from which payment, how much, and since when it bears interest."""

    key: str
    cents: int
    paid_on: date


def parts_asked_back(cents: int, payments: Sequence[PaidPart]) -> list[PaidPart]:
    """Which payments a sum is taken from: the latest first, as they had the least right to be kept.

    Raises ValueError where more is asked back than was paid.
    """
    left, found = cents, []
    for each in sorted(payments, key=lambda part: (part.paid_on, part.key), reverse=True):
        taken = min(left, each.cents)
        if taken:
            found.append(PaidPart(each.key, taken, each.paid_on))
            left -= taken
    if left:
        raise ValueError(f"{left} cents more than were paid")
    return found


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of the way back: what of the principal, what of interest, and the last day to pay it."""

    number: int
    due_on: date
    principal_cents: int
    interest_cents: int

    @property
    def cents(self) -> int:
        """What is to be paid."""
        return self.principal_cents + self.interest_cents


def instalments(parts: Sequence[PaidPart], decided_on: date, days: Sequence[date], rates: Rates) -> list[Instalment]:
    """The way back of these parts on these days, the principal in equal parts, the odd cents in the first ones.

    Interest runs on each payment up to the day of the decision and is asked with the first instalment; from then on
    every instalment bears it on its own principal up to its day. Raises ValueError for days that are not in order.
    """
    if not days or any(later <= earlier for earlier, later in zip((decided_on, *days), days, strict=False)):
        raise ValueError("days after the decision, each later than the one before")
    whole = sum(each.cents for each in parts)
    until_now = sum(interest(each.cents, each.paid_on, decided_on, rates) for each in parts)
    each_part, odd = divmod(whole, len(days))
    found = []
    for number, day in enumerate(days, 1):
        principal = each_part + (number <= odd)
        more = interest(principal, decided_on, day, rates) if len(days) > 1 else 0
        found.append(Instalment(number, day, principal, more + (until_now if number == 1 else 0)))
    return found


def monthly(first: date, count: int) -> list[date]:
    """So many days a month apart, on the same day of the month or on its last one."""
    found = []
    for number in range(count):
        years, month = divmod(first.month - 1 + number, 12)
        last = (date(first.year + years + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        found.append(date(first.year + years, month + 1, min(first.day, last)))
    return found
