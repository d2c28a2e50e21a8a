"""The effect of a recovery before it is decided: from which payments, the interest, the instalments. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.payments.recoveries.interest import (
    Instalment,
    PaidPart,
    Rates,
    instalments,
    interest,
    monthly,
    parts_asked_back,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a recipient would have to return, and when."""

    parts: tuple[PaidPart, ...]
    interests: tuple[int, ...]
    """Of each part, up to the day of the decision."""
    instalments: tuple[Instalment, ...]
    rates: dict[str, int]

    @property
    def principal_cents(self) -> int:
        """What was paid and is asked back."""
        return sum(each.principal_cents for each in self.instalments)

    @property
    def interest_cents(self) -> int:
        """All the interest."""
        return sum(each.interest_cents for each in self.instalments)

    @property
    def cents(self) -> int:
        """All of it."""
        return self.principal_cents + self.interest_cents

    @property
    def seen(self) -> str:
        """What a page showed, as its form sends it back."""
        return f"{self.principal_cents}-{self.interest_cents}-{len(self.instalments)}"


def rates_of(fixed: Decimal | None) -> Rates:
    """The rate a call declares, in per cent a year; those of the law where it declares none."""
    return Rates(fixed=None if fixed is None else int(fixed * 100))


def plan_of(
    cents: int, payments: Sequence[PaidPart], *, today: date, days: int, number: int, rates: Rates
) -> Plan:  # fmt: skip
    """The way back of a sum in so many monthly instalments, the first one some days from today.

    Raises ValueError where more is asked back than was paid.
    """
    parts = parts_asked_back(cents, payments)
    way = instalments(parts, today, monthly(today + timedelta(days=days), number), rates)
    borne = tuple(interest(each.cents, each.paid_on, today, rates) for each in parts)
    return Plan(tuple(parts), borne, tuple(way), _frozen(rates, parts, way))


def _frozen(rates: Rates, parts: Sequence[PaidPart], way: Sequence[Instalment]) -> dict[str, Any]:
    if rates.fixed is not None:
        return {"fixed": rates.fixed}
    years = range(min(each.paid_on for each in parts).year, way[-1].due_on.year + 1)
    return {str(year): rates.of(year) for year in years}
