"""When a check of tax debts is asked for and how long it holds; how much tax is withheld. Pure, in cents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class DebtOutcome(StrEnum):
    """What the collecting agent answered."""

    CLEAR = "clear"
    DEBTS = "debts"


LONGEST_REFERENCE = 80


@dataclass(frozen=True, slots=True)
class DebtAnswer:
    """The newest answer about a payee."""

    outcome: DebtOutcome
    checked_on: date

    def holds_on(self, day: date, days: int) -> bool:
        """Whether nothing was owed, and the answer is not older than `days`."""
        return self.outcome is DebtOutcome.CLEAR and self.checked_on <= day <= self.last_day(days)

    def last_day(self, days: int) -> date:
        """The last day on which it is taken."""
        return self.checked_on + timedelta(days=days)


def investment_share(budget: Mapping[str, int], investment: Collection[str]) -> Decimal:
    """Which part of a plan's budget pays for investment goods, from 0 to 1; 0 where there is no budget."""
    total = sum(budget.values())
    if total == 0:
        return Decimal(0)
    return Decimal(sum(cents for key, cents in budget.items() if key in investment)) / total


def withheld(*, gross_cents: int, rate: Decimal, is_undertaking: bool, investment: Decimal = Decimal(0)) -> int:
    """The tax withheld from a payment, to the nearest cent (art. 28(2) DPR 600/1973).

    `rate` per cent of what is paid to whoever carries on an economic activity, `investment` goods left out.
    """
    if not is_undertaking:
        return 0
    taxed = gross_cents * (1 - investment)
    return int((taxed * rate / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
