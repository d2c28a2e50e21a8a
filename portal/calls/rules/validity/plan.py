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
    """Shares, amounts and gates."""
    shares = sum((tranche.share for tranche in design.tranches if tranche.share is not None), Decimal(0))
    if design.tranches and shares != HUNDRED:
        yield Fault("tranches", lazy_("The shares add up to %(total)s.", total=str(shares)),
                    lazy_("Make them add up to 100; they part what fixed amounts leave."))  # fmt: skip
    yield from _fixed(design)
    known = [milestone.key for milestone in design.milestones]
    for index, tranche in enumerate(design.tranches):
        place = f"tranches.{index}"
        yield from _size(place, tranche)
        if tranche.milestone is not None:
            yield from one_of(f"{place}.milestone", tranche.milestone, known, lazy_("a milestone of this call"))
        yield from _gates(place, tranche)


def _size(place: str, tranche: TrancheTemplate) -> Faults:
    """A share or an amount."""
    if (tranche.share is None) == (tranche.amount is None):
        yield Fault(f"{place}.share", lazy_("A tranche is either a share of the grant or an amount."),
                    lazy_("Write one of share and amount."))  # fmt: skip
    for name, value in (("share", tranche.share), ("amount", tranche.amount)):
        if value is not None:
            yield from amount_of(f"{place}.{name}", value)


def _fixed(design: CallDesign) -> Faults:
    """Fixed amounts leave something of the smallest grant to the shares."""
    fixed = sum((tranche.amount for tranche in design.tranches if tranche.amount is not None), Decimal(0))
    if not fixed:
        return
    for index, rule in enumerate(design.applicants):
        if rule.minimum <= fixed:
            yield Fault(f"applicants.{index}.minimum",
                        lazy_("The tranches of a fixed amount (%(fixed)s) would use up a grant of %(least)s.",
                              fixed=str(fixed), least=str(rule.minimum)),
                        lazy_("Raise the smallest grant, or lower the amounts."))  # fmt: skip


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
