"""Milestones, tranches, gates, coaching: what every grant will start from."""

from decimal import Decimal

from portal.calls.rules.design import CallDesign, GateName, TrancheTemplate
from portal.calls.rules.validity.fault import (
    HUNDRED,
    LARGEST_AMOUNT,
    ONE_AT_LEAST,
    Fault,
    Faults,
    amount_of,
    at_least_one,
    has_two_decimals,
    one_of,
    per_cent_of,
    twice,
)
from portal.core.i18n import lazy_

NEEDS = {
    GateName.MILESTONES_ACCEPTED: "milestone",
    GateName.SPENDING_JUSTIFIED: "minimum_spent",
    GateName.GUARANTEE_ACTIVE: "guarantee_months",
}
"""What a tranche says for a gate that needs a figure or a name."""


def milestones(design: CallDesign) -> Faults:
    """Months and weights."""
    weights = [milestone.weight for milestone in design.milestones]
    if min(weights, default=0) < 0 or (any(weights) and sum(weights) != HUNDRED):
        yield Fault("milestones", lazy_("The weights add up to %(total)s.", total=sum(weights)),
                    lazy_("Make them add up to 100, or write 0 for all."))  # fmt: skip
    for index, milestone in enumerate(design.milestones):
        yield from at_least_one(f"milestones.{index}.month", milestone.month)
        for count, indicator in enumerate(milestone.indicators):
            yield from _target(f"milestones.{index}.indicators.{count}.target", indicator.target)


def _target(place: str, target: Decimal) -> Faults:
    if not 0 < target < LARGEST_AMOUNT or not has_two_decimals(target):
        yield Fault(place, lazy_("%(value)s cannot be counted.", value=str(target)),
                    lazy_("Write a number above zero, with two decimals at most."))  # fmt: skip


def tranches(design: CallDesign) -> Faults:
    """Shares and gates."""
    shares = sum((tranche.share for tranche in design.tranches), Decimal(0))
    if design.tranches and shares != HUNDRED:
        yield Fault("tranches", lazy_("The shares add up to %(total)s.", total=str(shares)),
                    lazy_("Make them add up to 100."))  # fmt: skip
    known = [milestone.key for milestone in design.milestones]
    for index, tranche in enumerate(design.tranches):
        place = f"tranches.{index}"
        yield from amount_of(f"{place}.share", tranche.share)
        if tranche.milestone is not None:
            yield from one_of(f"{place}.milestone", tranche.milestone, known, lazy_("a milestone of this call"))
        yield from _gates(place, tranche)


def _gates(place: str, tranche: TrancheTemplate) -> Faults:
    for gate in twice(map(str, tranche.gates)):
        yield Fault(f"{place}.gates", lazy_("“%(value)s” stands twice.", value=gate), lazy_("Leave it once."))
    for gate, name in NEEDS.items():
        has_gate, value = gate in tranche.gates, getattr(tranche, name)
        if has_gate and value is None:
            yield Fault(f"{place}.{name}", lazy_("The gate %(gate)s needs it.", gate=gate.value),
                        lazy_("Write this key, or take the gate away."))  # fmt: skip
        if value is not None and not has_gate and gate is not GateName.MILESTONES_ACCEPTED:
            yield Fault(f"{place}.{name}", lazy_("Only the gate %(gate)s uses it.", gate=gate.value),
                        lazy_("Add the gate, or take this key away."))  # fmt: skip
    yield from per_cent_of(f"{place}.minimum_spent", tranche.minimum_spent)
    if tranche.guarantee_months is not None and tranche.guarantee_months < 0:
        yield Fault(f"{place}.guarantee_months", lazy_("%(value)s is too little.", value=tranche.guarantee_months),
                    lazy_("Write months after the end of the project, 0 at least."))  # fmt: skip


def coaching(design: CallDesign) -> Faults:
    """The least that is asked fits in what is given."""
    given = design.coaching
    if not 0 <= given.minimum_confirmed_minutes <= given.allowance_minutes:
        yield Fault("coaching.minimum_confirmed_minutes",
                    lazy_("%(value)s minutes are not between 0 and the allowance.",
                          value=given.minimum_confirmed_minutes),
                    lazy_("Lower it, or raise allowance_minutes."))  # fmt: skip
    if given.silence_days < 1:
        yield Fault("coaching.silence_days", lazy_("%(value)s is too little.", value=given.silence_days), ONE_AT_LEAST)
    for key in twice(topic.key for topic in given.topics):
        yield Fault("coaching.topics", lazy_("“%(value)s” stands twice.", value=key), lazy_("Leave it once."))
