"""From one version of a plan to the next: what a change does, or why it cannot be done. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.grants.changes.rules.plan import (
    BudgetShift,
    Change,
    Extension,
    MilestoneChange,
    PartnerChange,
    Plan,
    PlannedMilestone,
    Reduction,
)

NO_SUCH_CATEGORY = lazy_("Choose a category of the budget.")


def folded(plan: Plan, change: Change) -> Plan:
    """The plan after a change. Raises Invalid with the field where the change does not fit this plan."""
    match change:
        case BudgetShift():
            return _shifted(plan, change)
        case Extension():
            return _extended(plan, change)
        case PartnerChange():
            return _with_partner(plan, change)
        case MilestoneChange():
            return _with_milestone(plan, change)
        case Reduction():
            return _reduced(plan, change)


def replayed(first: Plan, changes: Iterable[Change]) -> Plan:
    """The plan after all these changes, in their order."""
    return reduce(folded, changes, first)


def _shifted(plan: Plan, change: BudgetShift) -> Plan:
    lines = {line.key: line for line in plan.budget}
    for name in ("source", "target"):
        if getattr(change, name) not in lines:
            raise Invalid(NO_SUCH_CATEGORY, name)
    if change.source == change.target:
        raise Invalid(lazy_("Choose two different categories."), "target")
    if not 0 < change.cents <= lines[change.source].cents:
        raise Invalid(lazy_("Write an amount above zero, at most what the first category holds."), "cents")
    moved = {change.source: -change.cents, change.target: change.cents}
    budget = tuple(replace(line, cents=line.cents + moved.get(line.key, 0)) for line in plan.budget)
    return replace(plan, budget=budget)


def _extended(plan: Plan, change: Extension) -> Plan:
    if plan.ends_on is None or change.ends_on <= plan.ends_on:
        raise Invalid(lazy_("Write a day after the end that is in force."), "ends_on")
    return replace(plan, ends_on=change.ends_on)


def _with_partner(plan: Plan, change: PartnerChange) -> Plan:
    names = [partner.name for partner in plan.partners]
    if not change.leaves and change.enters is None:
        raise Invalid(lazy_("Say which partner leaves, which one comes, or both."), "enters_name")
    if change.leaves and change.leaves not in names:
        raise Invalid(lazy_("Choose a partner of the plan."), "leaves")
    if change.enters is not None and change.enters.name in names:
        raise Invalid(lazy_("This organisation is a partner already."), "enters_name")
    staying = tuple(partner for partner in plan.partners if partner.name != change.leaves)
    return replace(plan, partners=(*staying, *([change.enters] if change.enters else [])))


def _with_milestone(plan: Plan, change: MilestoneChange) -> Plan:
    if change.key not in {milestone.key for milestone in plan.milestones}:
        raise Invalid(lazy_("Choose a milestone of the plan."), "key")
    milestones = tuple(_changed(each, change) if each.key == change.key else each for each in plan.milestones)
    if milestones == plan.milestones:
        raise Invalid(lazy_("Write another title, another day or another target."), "title")
    return replace(plan, milestones=milestones)


def _changed(milestone: PlannedMilestone, change: MilestoneChange) -> PlannedMilestone:
    wanted = dict(change.targets)
    if wanted.keys() - {each.key for each in milestone.targets}:
        raise Invalid(lazy_("Choose an indicator of this milestone."), "target_of")
    if any(hundredths <= 0 for hundredths in wanted.values()):
        raise Invalid(lazy_("Write a number above zero."), "target")
    targets = tuple(replace(each, hundredths=wanted.get(each.key, each.hundredths)) for each in milestone.targets)
    return replace(milestone, title=change.title, due_on=change.due_on, targets=targets)


def _reduced(plan: Plan, change: Reduction) -> Plan:
    cuts = dict(change.cuts)
    held = {tranche.key: tranche.cents for tranche in plan.tranches}
    fits = all(0 < cents <= held.get(key, 0) for key, cents in cuts.items())
    if not fits or (plan.tranches and sum(cuts.values()) != change.cents) or change.cents > plan.granted_cents:
        raise Invalid(lazy_("This is more than what is still to be paid."), "cents")
    left = [replace(each, cents=each.cents - cuts.get(each.key, 0)) for each in plan.tranches]
    return replace(plan, granted_cents=plan.granted_cents - change.cents,
                   tranches=tuple(each for each in left if each.cents))  # fmt: skip
