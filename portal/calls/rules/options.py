"""The simplified cost options of a call: which kinds of cost each counts, from which base, in words. Pure.

Flat rates stand in Reg. 2021/1060, art. 54-56. What is not eligible, and lump sums, which pay a result whole, are in no
base; unit costs are.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from portal.calls.rules.design import CostCategory, CostForm, CostKind, CostOption, CostRules, FlatRate
from portal.core.money import format_cents
from portal.questionnaires.rules import Text

ORDER = (
    FlatRate.STAFF_OF_OTHER, FlatRate.OTHER_OF_STAFF, FlatRate.INDIRECT_OF_DIRECT, FlatRate.INDIRECT_OF_STAFF,
    FlatRate.INDIRECT_BY_METHOD,
)  # fmt: skip
"""In which flat rates are computed: indirect costs may count staff costs that are themselves a rate."""
COVERS: dict[FlatRate, CostKind] = {
    FlatRate.STAFF_OF_OTHER: CostKind.STAFF,
    FlatRate.OTHER_OF_STAFF: CostKind.OTHER,
    FlatRate.INDIRECT_OF_DIRECT: CostKind.INDIRECT,
    FlatRate.INDIRECT_OF_STAFF: CostKind.INDIRECT,
    FlatRate.INDIRECT_BY_METHOD: CostKind.INDIRECT,
}
"""The kind of the costs that each rate stands for."""
OF: dict[FlatRate, Text] = {
    FlatRate.STAFF_OF_OTHER: {
        "it": "dei costi diretti diversi dal personale",
        "en": "of direct costs other than staff",
    },
    FlatRate.OTHER_OF_STAFF: {"it": "dei costi diretti di personale", "en": "of direct staff costs"},
    FlatRate.INDIRECT_OF_DIRECT: {"it": "dei costi diretti", "en": "of direct costs"},
    FlatRate.INDIRECT_OF_STAFF: {"it": "dei costi diretti di personale", "en": "of direct staff costs"},
    FlatRate.INDIRECT_BY_METHOD: {"it": "dei costi diretti", "en": "of direct costs"},
}
"""The base of each, as it is read beside its amount."""


def counted(costs: CostRules) -> Iterator[tuple[CostCategory, CostOption]]:
    """The eligible kinds of cost that an option other than invoices counts, in their order."""
    options = {each.key: each for each in costs.options if each.form is not CostForm.REAL}
    for category in costs.categories:
        if category.eligible and category.option in options:
            yield category, options[category.option]


def flat_rates(costs: CostRules) -> list[tuple[CostCategory, CostOption, FlatRate]]:
    """The kinds of cost that are a flat rate, in the order in which they are computed."""
    found = [(category, option, option.flat_rate) for category, option in counted(costs) if option.flat_rate]
    return sorted(found, key=lambda each: ORDER.index(each[2]))


def base_of(costs: CostRules, kind: FlatRate) -> frozenset[str]:
    """The keys of the kinds of cost from which a flat rate is computed."""
    lumps = {category.key for category, option in counted(costs) if option.form is CostForm.LUMP_SUM}
    eligible = {each.key: each.kind for each in costs.categories if each.eligible and each.key not in lumps}
    match kind:
        case FlatRate.OTHER_OF_STAFF | FlatRate.INDIRECT_OF_STAFF:
            return frozenset(key for key, each in eligible.items() if each is CostKind.STAFF)
        case FlatRate.STAFF_OF_OTHER:
            outside = {CostKind.STAFF, CostKind.INDIRECT}
        case _:
            outside = {CostKind.INDIRECT}
    return frozenset(key for key, each in eligible.items() if each not in outside)


def how_counted(option: CostOption) -> Text:
    """How an option counts, in a few words: “7 % of direct costs”, “€25.00 for each hour”."""
    if option.flat_rate is not None:
        rate = f"{option.rate or 0:f}"
        rate = rate.rstrip("0").rstrip(".") if "." in rate else rate
        of = OF[option.flat_rate]
        return {"it": f"{rate.replace('.', ',')} % {of['it']}", "en": f"{rate} % {of['en']}"}
    cents, unit, once = int((option.amount or Decimal(0)) * 100), option.unit or {}, option.form is CostForm.LUMP_SUM
    italian, english = f"€ {format_cents(cents)} per {unit.get('it', '')}", f"€{format_cents(cents, 'en')}"
    if once:
        return {"it": f"somma forfettaria di {italian}", "en": f"lump sum of {english} for {unit.get('en', '')}"}
    return {"it": italian, "en": f"{english} per {unit.get('en', '')}"}


def options_in_words(costs: CostRules) -> Iterable[tuple[CostCategory, Text]]:
    """Every kind of cost that an option counts, with how."""
    return [(category, how_counted(option)) for category, option in counted(costs)]
