"""Costs: what belongs to another programme (R2-R6), and simplified cost options (`domain.md` §4.3)."""

from decimal import Decimal

from portal.calls.rules.design import (
    AidRegime,
    CallDesign,
    CostForm,
    CostKind,
    CostOption,
    CostRules,
    FlatRate,
    Period,
    Programme,
)
from portal.calls.rules.validity.fault import Fault, Faults, amount_of, per_cent_of
from portal.core.i18n import lazy_

ERDF = frozenset({Programme.PON_METRO_ERDF})
ELSEWHERE: dict[CostKind, tuple[frozenset[Programme], object]] = {
    CostKind.FOOD: (
        frozenset({Programme.FEAD}),
        lazy_("Food and basic necessities belong to FEAD (R3); the service of a canteen is eligible, food is not."),
    ),
    CostKind.WORKS: (
        ERDF,
        lazy_("Structural works belong to Axis 4, ERDF (R4): name the operation in costs.linked_axis4_operation."),
    ),
    CostKind.SUPPLIES: (
        ERDF,
        lazy_("Supplies belong to Axis 4, ERDF (R4): name the operation in costs.linked_axis4_operation."),
    ),
    CostKind.SYSTEM_ACTIONS: (
        frozenset({Programme.PON_INCLUSIONE}),
        lazy_("System actions (guidelines, protocols, partnerships) belong to PON Inclusione (R5)."),
    ),
    CostKind.LOW_THRESHOLD: (
        frozenset({Programme.PON_METRO_ESF}),
        lazy_("Low-threshold and emergency services are reserved to PON METRO (R2, R6)."),
    ),
}
"""Kinds of cost that only some programmes bear, and where they belong."""
NEVER = {
    CostKind.VOLUNTEERS: lazy_("Unpaid work of volunteers is not a cost (art. 16 ESF+)."),
    CostKind.RECOVERABLE_VAT: lazy_("VAT that can be recovered is not a cost."),
    CostKind.INTEREST_FINES: lazy_("Interest and fines are not eligible."),
}
LOW_THRESHOLD_ACTION = "3.2.2"
HIGHEST = {
    FlatRate.INDIRECT_OF_DIRECT: Decimal(7),
    FlatRate.INDIRECT_OF_STAFF: Decimal(15),
    FlatRate.INDIRECT_BY_METHOD: Decimal(25),
    FlatRate.STAFF_OF_OTHER: Decimal(20),
    FlatRate.OTHER_OF_STAFF: Decimal(40),
}
"""The highest per cent of each flat rate (Reg. 2021/1060, art. 54-56)."""
OF_INDIRECT = {FlatRate.INDIRECT_OF_DIRECT, FlatRate.INDIRECT_OF_STAFF, FlatRate.INDIRECT_BY_METHOD}
DUTY_UP_TO = Decimal(200_000)
"""Operations of at most this total cost, in euro, must use simplified options (art. 53(2))."""


def categories(design: CallDesign) -> Faults:
    """What is called eligible is eligible for a programme that pays."""
    paying = {fund.programme for fund in design.funds}
    for index, category in enumerate(design.costs.categories):
        place = f"costs.categories.{index}"
        yield from per_cent_of(f"{place}.most", category.most)
        if not category.eligible:
            continue
        if category.kind in NEVER:
            yield Fault(f"{place}.eligible", NEVER[category.kind], lazy_("Write “eligible: false”."))
        programmes, words = ELSEWHERE.get(category.kind, (frozenset(), ""))
        if programmes and not programmes & (paying or {_usual(design)}):
            yield Fault(f"{place}.eligible", words, lazy_("Write “eligible: false”."))


def _usual(design: CallDesign) -> Programme:
    """The programme of a call that names no fund: that of the ESF actions of PON METRO, which has low threshold."""
    return Programme.PON_METRO_ESF if design.action.startswith(LOW_THRESHOLD_ACTION) else Programme.OWN


def demarcation(design: CallDesign) -> Faults:
    """Low threshold is reserved to PON METRO: PON Inclusione pays none of it (R2, R6)."""
    for index, fund in enumerate(design.funds):
        if fund.programme is Programme.PON_INCLUSIONE and design.action.startswith(LOW_THRESHOLD_ACTION):
            yield Fault(f"funds.{index}.programme",
                        lazy_("Low-threshold and emergency services are reserved to PON METRO (R2, R6)."),
                        lazy_("Take this fund away, or correct the action."))  # fmt: skip


def options(design: CallDesign) -> Faults:
    """Each option by itself, what may not be stacked, and the duty where the grant is the operation."""
    costs = design.costs
    for index, option in enumerate(costs.options):
        yield from _option(f"costs.options.{index}", option)
    yield from _stacked(costs)
    if costs.is_operation:
        yield from _operation(design)
    if costs.eligible_from and costs.eligible_until and costs.eligible_from > costs.eligible_until:
        yield Fault("costs.eligible_until", lazy_("It ends before it starts."), lazy_("Write a later day."))


def _option(place: str, option: CostOption) -> Faults:
    is_flat = option.form is CostForm.FLAT_RATE
    if is_flat != (option.flat_rate is not None) or is_flat != (option.rate is not None):
        yield Fault(place, lazy_("A flat rate is not complete, or is given to another form."),
                    lazy_("Write flat_rate and rate for the form flat_rate, and only there."))  # fmt: skip
    if option.flat_rate is not None and option.rate is not None:
        yield from _rate(place, option, option.flat_rate, option.rate)
    by_amount = option.form in (CostForm.UNIT_COST, CostForm.LUMP_SUM)
    if by_amount != (option.amount is not None) or by_amount != (option.unit is not None):
        yield Fault(place, lazy_("An amount is not complete, or is given to another form."),
                    lazy_("Write amount and unit for a unit cost or a lump sum, and only there."))  # fmt: skip
    if option.amount is not None:
        yield from amount_of(f"{place}.amount", option.amount)


def _rate(place: str, option: CostOption, kind: FlatRate, rate: Decimal) -> Faults:
    most = HIGHEST[kind]
    if not 0 < rate <= most:
        yield Fault(f"{place}.rate", lazy_("%(rate)s is above the rate that the Regulation allows.", rate=str(rate)),
                    lazy_("Write a percentage above 0 and at most %(most)s.", most=str(most)))  # fmt: skip
    if kind is FlatRate.INDIRECT_BY_METHOD and option.method is None:
        yield Fault(f"{place}.method", lazy_("This rate needs a method of calculation (art. 54)."),
                    lazy_("Describe the method, or use a lower rate."))  # fmt: skip


def _stacked(costs: CostRules) -> Faults:
    used = {option.flat_rate for option in costs.options if option.flat_rate is not None}
    if FlatRate.OTHER_OF_STAFF in used and len(used) > 1:
        yield Fault("costs.options", lazy_("The rate for all other costs covers them all: no other can stand beside."),
                    lazy_("Leave it alone, or take it away (art. 56)."))  # fmt: skip
    if len(used & OF_INDIRECT) > 1:
        yield Fault("costs.options", lazy_("Indirect costs are covered by two flat rates."),
                    lazy_("Leave one of them: a cost is declared once."))  # fmt: skip


def _operation(design: CallDesign) -> Faults:
    costs = design.costs
    if costs.operation_total is None:
        yield Fault("costs.operation_total", lazy_("The total cost of the operation is missing."),
                    lazy_("Write it in euro: it decides whether simplified options are a duty."))  # fmt: skip
        return
    yield from amount_of("costs.operation_total", costs.operation_total)
    simplified = any(option.form is not CostForm.REAL for option in costs.options)
    duty = costs.operation_total <= DUTY_UP_TO and design.aid_regime is AidRegime.NOT_AID
    if duty and not simplified and costs.period is not Period.FROM_2014:
        yield Fault(
            "costs.options",
            lazy_("An operation of at most 200 000 euro that is not State aid must use simplified cost options."),
            lazy_("Declare a flat rate, unit costs or a lump sum (Reg. 2021/1060, art. 53)."),
        )
