"""Maturity and follow-up: a radar can be drawn, thresholds can be reached, moments come after the end."""

from portal.calls.rules.design import CallDesign, MaturityRules, StageRules
from portal.calls.rules.validity.fault import Fault, Faults, at_least_one, twice
from portal.calls.rules.validity.naming import keys_of
from portal.core.i18n import lazy_

PLACE, AFTER = "maturity", "follow_up"
FEWEST_DIMENSIONS, MOST_DIMENSIONS = 3, 12
FEWEST_LEVELS, MOST_LEVELS = 2, 7
MOST_DAYS, MOST_MONTHS = 365, 60


def maturity(design: CallDesign) -> Faults:
    """Dimensions with as many levels each, thresholds among them."""
    rules = design.maturity
    if rules is None:
        return
    yield from keys_of(f"{PLACE}.dimensions", rules.dimensions)
    if not FEWEST_DIMENSIONS <= len(rules.dimensions) <= MOST_DIMENSIONS:
        yield Fault(f"{PLACE}.dimensions", lazy_("There are %(count)d dimensions.", count=len(rules.dimensions)),
                    lazy_("Describe from 3 to 12: with fewer no picture can be drawn."))  # fmt: skip
    for index, dimension in enumerate(rules.dimensions):
        if not FEWEST_LEVELS <= len(dimension.levels) <= MOST_LEVELS:
            yield Fault(f"{PLACE}.dimensions.{index}.levels",
                        lazy_("There are %(count)d levels.", count=len(dimension.levels)),
                        lazy_("Describe from 2 to 7."))  # fmt: skip
    yield from _alike(rules)
    yield from _moments(rules)
    yield from _stages(rules.stages, min((len(each.levels) for each in rules.dimensions), default=0))
    for name in ("silent_days", "drop", "gap", "overdue_days"):
        yield from at_least_one(f"{PLACE}.warnings.{name}", getattr(rules.warnings, name))


def _alike(rules: MaturityRules) -> Faults:
    if len({len(each.levels) for each in rules.dimensions}) > 1:
        yield Fault(f"{PLACE}.dimensions", lazy_("The dimensions have different numbers of levels."),
                    lazy_("Describe as many levels for each, so that they can be compared."))  # fmt: skip


def _moments(rules: MaturityRules) -> Faults:
    if not rules.moments:
        yield Fault(f"{PLACE}.moments", lazy_("The list is empty."), lazy_("Write one at least."))
    for moment in twice(map(str, rules.moments)):
        yield Fault(f"{PLACE}.moments", lazy_("“%(value)s” stands twice.", value=moment), lazy_("Leave it once."))
    if not 1 <= rules.answer_days <= MOST_DAYS:
        yield Fault(f"{PLACE}.answer_days", lazy_("%(value)s is out of bounds.", value=rules.answer_days),
                    lazy_("Write days, from 1 to 365."))  # fmt: skip


def _stages(rules: StageRules, highest: int) -> Faults:
    for name in ("operating_least", "sustaining_least"):
        value = getattr(rules, name)
        if not 1 <= value <= max(highest, 1):
            yield Fault(f"{PLACE}.stages.{name}", lazy_("No team can reach level %(value)s.", value=value),
                        lazy_("Write a level that every dimension describes, from 1."))  # fmt: skip
    if rules.sustaining_least < rules.operating_least:
        yield Fault(f"{PLACE}.stages.sustaining_least", lazy_("A later stage asks for less than the one before."),
                    lazy_("Write at least the level of the stage before."))  # fmt: skip
    if rules.income_after < 0:
        yield Fault(f"{PLACE}.stages.income_after", lazy_("%(value)s is too little.", value=str(rules.income_after)),
                    lazy_("Write euro, 0 at least."))  # fmt: skip


def follow_up(design: CallDesign) -> Faults:
    """Months after the end, each once; the stage that reads one of them finds it."""
    rules = design.follow_up
    if rules is None:
        return
    asked = [each.months for each in rules.moments]
    if not asked:
        yield Fault(f"{AFTER}.moments", lazy_("The list is empty."), lazy_("Write one at least."))
    for value in twice(map(str, asked)):
        yield Fault(f"{AFTER}.moments", lazy_("“%(value)s” stands twice.", value=value), lazy_("Leave it once."))
    for index, months in enumerate(asked):
        if not 1 <= months <= MOST_MONTHS:
            yield Fault(f"{AFTER}.moments.{index}.months", lazy_("%(value)s is out of bounds.", value=months),
                        lazy_("Write months after the end, from 1 to 60."))  # fmt: skip
    if not 1 <= rules.link_days <= MOST_DAYS:
        yield Fault(f"{AFTER}.link_days", lazy_("%(value)s is out of bounds.", value=rules.link_days),
                    lazy_("Write days, from 1 to 365."))  # fmt: skip
    if design.maturity is not None and design.maturity.stages.alive_months not in asked:
        yield Fault(f"{PLACE}.stages.alive_months", lazy_("Nothing is asked %(months)d months after the end.",
                                                          months=design.maturity.stages.alive_months),
                    lazy_("Write one of the months of the follow-up."))  # fmt: skip
