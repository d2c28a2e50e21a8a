"""What the lines of a grant come to, category by category, against the agreed budget and the limits. Pure, in cents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from portal.applications.rules import Euro
from portal.applications.spending import ALL, Named, largest_part
from portal.calls.rules import CostRules, ReportingRules
from portal.core.i18n import lazy_
from portal.grants.changes.rules import Plan
from portal.milestones.costs.rules.rates import Rate, rated, with_rates
from portal.milestones.costs.rules.terms import Category
from portal.questionnaires.rules import Text

TO_BE_CHOSEN: Text = {"it": "tipo da scegliere", "en": "kind to be chosen"}
"""Of lines that came from an electronic invoice, until somebody says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTotal:
    """One category: agreed, reported before, in this report, and what keeps it from being sent."""

    key: str
    name: Text
    agreed_cents: int | None
    before_cents: int
    now_cents: int
    rate: Rate | None = None
    fault: object | None = None

    @property
    def so_far_cents(self) -> int:
        """All of it, this report too."""
        return self.before_cents + self.now_cents

    @property
    def left_cents(self) -> int | None:
        """What of the agreed budget is left; None where nothing was agreed by category."""
        return None if self.agreed_cents is None else self.agreed_cents - self.so_far_cents


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a report is held against: the agreed budget by category, and the call's limits."""

    costs: CostRules
    rules: ReportingRules
    plan: Plan | None
    categories: Mapping[str, Category]

    @property
    def budget(self) -> dict[str, int]:
        """Cents by category; empty where the plan has no budget."""
        return {line.key: line.cents for line in self.plan.budget} if self.plan else {}


def category_totals(agreed: Agreed, now: Mapping[str, int], before: Mapping[str, int]) -> list[CategoryTotal]:
    """Every category that was agreed or is charged, in the call's order, with the rates computed.

    `now` are typed lines; `before` is what other reports of the grant come to, with their rates.
    """
    rates = {rate.category: rate for rate in rated(agreed.costs, now)}
    whole, budget = with_rates(agreed.costs, now), agreed.budget
    known = [*agreed.categories, *sorted((whole.keys() | before.keys()) - agreed.categories.keys())]
    total = sum(budget.values()) or sum(whole.values()) + sum(before.values())
    shown = [key for key in known if whole.get(key) or before.get(key) or budget.get(key)]
    return [_total(agreed, key, whole.get(key, 0), before.get(key, 0), total, rates.get(key)) for key in shown]


def _total(agreed: Agreed, key: str, now: int, before: int, total: int, rate: Rate | None) -> CategoryTotal:
    budget = agreed.budget
    category = agreed.categories.get(key)
    fault = next(_category_faults(agreed, key, now + before, total), None) if now else None
    return CategoryTotal(
        key=key, name=category.name if category else {"it": key, "en": key} if key else TO_BE_CHOSEN,
        agreed_cents=budget.get(key, 0) if budget else None, before_cents=before, now_cents=now, rate=rate, fault=fault,
    )  # fmt: skip


def _category_faults(agreed: Agreed, key: str, cents: int, total: int) -> Iterator[object]:
    name = Named(agreed.categories[key].name) if key in agreed.categories else key
    most = next((each.most for each in agreed.costs.categories if each.key == key), None)
    if most is not None and cents > (limit := largest_part(total, most)):
        yield lazy_(
            "“%(category)s” comes to %(amount)s: the call bears at most %(share)s %% of the costs, %(most)s. Lower what"
            " is charged by %(over)s.", category=name, amount=Euro(cents), share=f"{most.normalize():f}",
            most=Euro(limit), over=Euro(cents - limit),
        )  # fmt: skip
    budget = agreed.budget
    if budget and cents > (limit := _with_tolerance(budget.get(key, 0), agreed.rules.over_budget)):
        yield lazy_(
            "“%(category)s” comes to %(amount)s, and %(agreed)s were agreed: ask the office to move budget to it, or"
            " lower what is charged by %(over)s.", category=name, amount=Euro(cents), agreed=Euro(budget.get(key, 0)),
            over=Euro(cents - limit),
        )  # fmt: skip


def _with_tolerance(cents: int, per_cent: Decimal) -> int:
    return int((Decimal(cents) * (ALL + per_cent) / ALL).to_integral_value(ROUND_FLOOR))
