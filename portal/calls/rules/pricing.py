"""What the simplified cost options of a call prescribe of its tables of costs (`domain.md` §4.3). Pure.

A unit cost fixes the amount of a unit; a lump sum the amount of its result; a flat rate makes a row that nobody types.
Money is rounded once, to the cent, halves away from zero.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from portal.calls.rules.design import CostForm, CostOption, CostRules
from portal.calls.rules.options import base_of, counted, flat_rates, how_counted
from portal.questionnaires.rules import Form, Question, QuestionType
from portal.questionnaires.rules.pricing import Fixed, Pricing, Share

CATEGORY, COST, QUANTITY, UNIT_COST = "cost.category", "budget.cost", "budget.quantity", "budget.unit_cost"
"""Tags of the columns of a table of costs."""


def cost_tables(form: Form) -> Iterator[tuple[Question, Mapping[str, Question]]]:
    """The tables that ask for the kind of each cost, with their columns by tag."""
    for question in form.questions:
        tags = {column.tag: column for column in question.columns if column.tag}
        if question.type is QuestionType.TABLE and CATEGORY in tags and COST in tags:
            yield question, tags


def pricing_of(costs: CostRules, form: Form) -> dict[str, Pricing]:
    """What the options of a call prescribe of the tables of its form, by question; flat rates stand in the first."""
    if not any(counted(costs)):
        return {}
    found: dict[str, Pricing] = {}
    for table, tags in cost_tables(form):
        fixed = {key: each for key, each in _fixed(costs, tags) if each.cells}
        shares = () if found else tuple(shares_of(costs))
        found[table.key] = Pricing(tags[CATEGORY].key, tags[COST].key, fixed, shares)
    return found


def _fixed(costs: CostRules, tags: Mapping[str, Question]) -> Iterator[tuple[str, Fixed]]:
    for category, option in counted(costs):
        if option.form is not CostForm.FLAT_RATE:
            yield category.key, Fixed(_cells(option, tags), how_counted(option))


def _cells(option: CostOption, tags: Mapping[str, Question]) -> dict[str, object]:
    """The amount in the column of unit costs, once for a result; else, of a result, in that of amounts."""
    cents, once = int((option.amount or Decimal(0)) * 100), option.form is CostForm.LUMP_SUM
    if UNIT_COST in tags:
        quantity = {tags[QUANTITY].key: "1" if tags[QUANTITY].places else 1} if once and QUANTITY in tags else {}
        return {**quantity, tags[UNIT_COST].key: cents}
    return {tags[COST].key: cents} if once and not tags[COST].is_computed else {}


def shares_of(costs: CostRules) -> Iterator[Share]:
    """The flat rates of a call, in the order in which they are computed, each with its base."""
    for category, option, kind in flat_rates(costs):
        of = base_of(costs, kind) - {category.key}
        yield Share(category.key, category.name, of, option.rate or Decimal(0), how_counted(option))
