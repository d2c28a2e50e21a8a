"""Plans and changes as JSON, and back: what is stored is what was in force. Pure."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from portal.grants.changes.rules.plan import (
    BudgetLine,
    BudgetShift,
    Change,
    Extension,
    MilestoneChange,
    Partner,
    PartnerChange,
    Plan,
    PlannedMilestone,
    PlannedTarget,
    PlannedTranche,
    Reduction,
)

KINDS: dict[str, type[Any]] = {
    "budget_shift": BudgetShift,
    "extension": Extension,
    "partner": PartnerChange,
    "milestone": MilestoneChange,
    "reduction": Reduction,
}
LISTS: dict[str, type[Any]] = {
    "budget": BudgetLine, "milestones": PlannedMilestone, "tranches": PlannedTranche, "partners": Partner,
}  # fmt: skip
PAIRS = frozenset({"cuts", "targets"})
"""What a change holds as pairs of a key and a whole number."""
DAYS = ("starts_on", "ends_on", "due_on")


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """A plan as it is stored."""
    return {each.name: _plain(getattr(plan, each.name)) for each in fields(plan)}


def plan_from_json(stored: Mapping[str, Any]) -> Plan:
    """A stored plan."""
    lists = {name: tuple(_read(kind, each) for each in stored[name]) for name, kind in LISTS.items()}
    return Plan(**_days({**stored, **lists}))


def change_to_json(change: Change) -> dict[str, Any]:
    """A change as it is stored, with its kind."""
    kind = next(name for name, each in KINDS.items() if isinstance(change, each))
    return {"kind": kind, **_plain(change)}


def change_from_json(stored: Mapping[str, Any]) -> Change:
    """A stored change."""
    given = {name: value for name, value in stored.items() if name != "kind"}
    if given.get("enters"):
        given["enters"] = Partner(**given["enters"])
    for name in PAIRS & given.keys():
        given[name] = tuple((key, value) for key, value in given[name])
    change: Change = KINDS[stored["kind"]](**_days(given))
    return change


def _read(kind: type[Any], stored: Mapping[str, Any]) -> Any:
    given = _days(stored)
    if "targets" in given:
        given["targets"] = tuple(PlannedTarget(**each) for each in given["targets"])
    return kind(**given)


def _days(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in DAYS and value else value for name, value in stored.items()}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
