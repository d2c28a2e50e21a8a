"""Flat rates of a report: computed from what its lines come to, as in the table of an application (ADR 0034). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.calls.rules import CostRules
from portal.calls.rules.pricing import shares_of
from portal.questionnaires.rules import Text
from portal.questionnaires.rules.priced import BY
from portal.questionnaires.rules.pricing import Pricing

CATEGORY, CENTS = "category", "cents"


@dataclass(frozen=True, slots=True)
class Rate:
    """One computed cost: its category, how it came about, from which base, in cents."""

    category: str
    name: Text
    how: Text
    base_cents: int
    cents: int


def rated(costs: CostRules, by_category: Mapping[str, int]) -> list[Rate]:
    """The flat rates of a call over these cents by category, in the order in which they are computed.

    A rate counts the rates before it where the Regulation lets it, never the other way round: `calls.rules.options`.
    """
    pricing = Pricing(CATEGORY, CENTS, shares=tuple(shares_of(costs)))
    rows = [{CATEGORY: category, CENTS: cents} for category, cents in by_category.items()]
    return [
        Rate(row[CATEGORY], row[BY]["name"], row[BY]["how"], row[BY]["base"], row[CENTS])
        for row in pricing.derived(rows)
    ]


def with_rates(costs: CostRules, by_category: Mapping[str, int]) -> dict[str, int]:
    """Cents by category, the computed ones too."""
    return dict(by_category) | {rate.category: rate.cents for rate in rated(costs, by_category)}
