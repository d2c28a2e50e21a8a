"""Which tranche pays the balance, and what results have earned. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenTranche:
    """A tranche that nobody of finance has begun to pay; `is_reached`: the milestones it waits for are done."""

    id: UUID
    number: int
    cents: int
    is_reached: bool


def paying(tranches: Sequence[OpenTranche]) -> OpenTranche | None:
    """The one that pays the balance: the last whose milestones are done."""
    reached = [each for each in tranches if each.is_reached]
    return max(reached, key=lambda each: each.number) if reached else None


def earned_by_results(kept: int, tranches: Sequence[OpenTranche]) -> int:
    """Where costs are not reported: what was paid, and the tranches whose milestones are done."""
    return kept + sum(each.cents for each in tranches if each.is_reached)


def has_no_way(to_pay: int, tranches: Sequence[OpenTranche]) -> bool:
    """Whether money would be due and every tranche left waits for a milestone."""
    return to_pay > 0 and bool(tranches) and paying(tranches) is None
