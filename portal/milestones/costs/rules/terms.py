"""What the lines of a report are judged by: the call's costs, the agreed plan, the period, the grant's CUP. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from portal.applications.spending import where_it_belongs
from portal.calls.rules import CallDesign, CostCategory, CostForm, CostOption, ReportingRules
from portal.calls.rules.design import in_cents
from portal.grants.changes.rules import Plan
from portal.grants.checking.rules import earliest
from portal.milestones.costs.rules.cost import Cost, for_units, share_of_document
from portal.questionnaires.rules import Text


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of cost: how it is counted, and why it is not borne where it is not."""

    key: str
    name: Text
    option: CostOption | None = None
    refused: object | None = None

    @property
    def form(self) -> CostForm:
        """By invoices where nothing else is said."""
        return self.option.form if self.option else CostForm.REAL

    @property
    def amount_cents(self) -> int:
        """Of a unit, or of a result."""
        return in_cents(self.option.amount) if self.option and self.option.amount else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that one report is judged by."""

    categories: Mapping[str, Category]
    rules: ReportingRules
    borne_from: date | None
    borne_until: date | None
    paid_until: date | None
    from_on: date
    until_on: date
    cup: str | None = None
    accepted: frozenset[UUID] = field(default_factory=frozenset)
    """Milestones that were accepted: a lump sum pays a result."""
    own_codes: frozenset[str] = frozenset()
    """Tax codes of the recipient itself."""

    def form_of(self, cost: Cost) -> CostForm:
        """How a cost is counted: as its category says."""
        found = self.categories.get(cost.category)
        return found.form if found else CostForm.REAL

    def charged(self, cost: Cost) -> int:
        """What it comes to, in cents; nothing for what nobody types."""
        found = self.categories.get(cost.category)
        match found.form if found else CostForm.REAL:
            case CostForm.UNIT_COST if found:
                return for_units(cost.quantity_hundredths or 0, found.amount_cents)
            case CostForm.LUMP_SUM if found:
                return found.amount_cents
            case CostForm.FLAT_RATE:
                return 0
            case _:
                return share_of_document(cost)


def categories_of(design: CallDesign, plan: Plan | None) -> dict[str, Category]:
    """The kinds of cost of a call; where its form asked for costs in its own words, those of the agreed budget.

    What the call does not bear is among them, so that whoever looks for it reads where it belongs.
    """
    options = {option.key: option for option in design.costs.options}
    named = {each.key: _category(each, options, design) for each in design.costs.categories}
    agreed = {line.key: Category(line.key, line.name) for line in plan.budget} if plan else {}
    if agreed and not agreed.keys() & named.keys():
        return agreed | {key: each for key, each in named.items() if each.refused is not None}
    return named | {key: each for key, each in agreed.items() if key not in named}


def _category(each: CostCategory, options: Mapping[str, CostOption], design: CallDesign) -> Category:
    refused = None if each.eligible else where_it_belongs(each, design)
    return Category(each.key, each.name, options.get(each.option or ""), refused)


def borne(design: CallDesign, plan: Plan | None) -> tuple[date | None, date | None, date | None]:
    """From when costs are borne, until when, and until when they are paid: the call's days, within the project's."""
    start = design.costs.eligible_from or (plan.starts_on if plan else None)
    end = plan.ends_on if plan else None
    paid = end + timedelta(days=design.reporting.paid_within_days) if end else None
    last = design.costs.eligible_until
    return start, earliest((end, last)), earliest((paid, last))
