"""The budget by category that a plan starts from: what the application was sent with. Pure."""

from collections.abc import Mapping
from typing import Any

from portal.applications.given import Given, given_in
from portal.applications.rules import COST
from portal.applications.spending import spent_by_category
from portal.calls.rules import CallDesign
from portal.grants.changes.rules import BudgetLine
from portal.questionnaires.rules import Text


def budget_of(content: Mapping[str, Any], design: CallDesign) -> tuple[BudgetLine, ...]:
    """Costs by category of the call; where the form asks for none, each question about a cost is a category."""
    given = given_in(content)
    named: dict[str, Text] = {each.key: each.name for each in design.costs.categories}
    spent = spent_by_category(given)
    if spent:
        lines = [BudgetLine(key, named.get(key, {"it": key, "en": key}), each.cents) for key, each in spent.items()]
    else:
        labels = _labels(content)
        lines = [BudgetLine(each.key, labels.get(each.key, {}), _costs(each)) for each in given if _is_cost(each)]
    return tuple(line for line in lines if line.cents > 0)


def _is_cost(given: Given) -> bool:
    return given.tag == COST or COST in given.tags.values()


def _costs(given: Given) -> int:
    if given.tag == COST:
        return given.value if isinstance(given.value, int) else 0
    columns = [key for key, tag in given.tags.items() if tag == COST]
    cells = (row.get(column) for row in given.rows for column in columns)
    return sum(cell for cell in cells if isinstance(cell, int))


def _labels(content: Mapping[str, Any]) -> dict[str, Text]:
    return {answer["key"]: answer.get("label", {}) for section in content["sections"] for answer in section["answers"]}
