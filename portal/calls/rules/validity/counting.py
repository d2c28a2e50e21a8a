"""Kinds of cost that a simplified option counts: no cost is declared twice, and the forms ask what they need."""

from portal.calls.rules.design import CallDesign, CostCategory, CostForm, CostKind, FlatRate, GateName
from portal.calls.rules.options import COVERS, base_of, counted, flat_rates
from portal.calls.rules.validity.fault import Fault, Faults, one_of
from portal.core.i18n import lazy_

BESIDE_OTHER = frozenset({CostKind.STAFF, CostKind.ALLOWANCES})
"""What the rate for all other costs does not cover (art. 56)."""
NOT_ELIGIBLE = lazy_("Write “eligible: false”, or take the rate away.")


def counting(design: CallDesign) -> Faults:
    """Each kind of cost names an option that fits it; what a flat rate covers is declared in no other way."""
    options = {each.key: each for each in design.costs.options}
    for index, category in enumerate(design.costs.categories):
        place = f"costs.categories.{index}.option"
        if category.option is None:
            continue
        if category.option not in options:
            yield from one_of(place, category.option, options, lazy_("a simplified cost option of this call"))
        elif not category.eligible:
            yield Fault(place, lazy_("This call does not bear this cost: no option counts it."),
                        lazy_("Take the option away."))  # fmt: skip
        elif (rate := options[category.option].flat_rate) is not None and category.kind is not COVERS[rate]:
            yield Fault(place, lazy_("This flat rate stands for another kind of cost."),
                        lazy_("Give it to a cost of the kind “%(kind)s”.", kind=COVERS[rate].value))  # fmt: skip
    yield from _twice(design)


def _twice(design: CallDesign) -> Faults:
    costs = design.costs
    for category, option, rate in flat_rates(costs):
        for index, other in enumerate(costs.categories):
            if other is not category and other.eligible and _is_covered(other, rate):
                words = lazy_(
                    "“%(key)s” is covered by the flat rate “%(rate)s”: the same cost would be declared twice.",
                    key=other.key, rate=option.key,
                )  # fmt: skip
                yield Fault(f"costs.categories.{index}.eligible", words, NOT_ELIGIBLE)
        if not base_of(costs, rate) - {category.key}:
            yield Fault(f"costs.categories.{costs.categories.index(category)}.option",
                        lazy_("There is no cost from which this flat rate could be computed."),
                        lazy_("Declare the costs of its base, or take it away."))  # fmt: skip


def _is_covered(category: CostCategory, rate: FlatRate) -> bool:
    if rate is FlatRate.OTHER_OF_STAFF:
        return category.kind not in BESIDE_OTHER
    return category.kind is COVERS[rate]


def unused(design: CallDesign) -> Faults:
    """What keeps a call with options from being published: one that counts nothing, a lump sum that nothing awaits."""
    used = {option.key for _category, option in counted(design.costs)}
    for index, option in enumerate(design.costs.options):
        if option.form is not CostForm.REAL and option.key not in used:
            yield Fault(f"costs.options.{index}", lazy_("No kind of cost is counted by “%(key)s”.", key=option.key),
                        lazy_("Name it in the kind of cost that it counts, or take it away."))  # fmt: skip
    lump = any(option.form is CostForm.LUMP_SUM for _category, option in counted(design.costs))
    if lump and not any(GateName.MILESTONES_ACCEPTED in tranche.gates for tranche in design.tranches):
        yield Fault("tranches", lazy_("A lump sum is paid once its result is there: no tranche waits for a milestone."),
                    lazy_("Give one tranche at least the gate of its milestone."))  # fmt: skip
