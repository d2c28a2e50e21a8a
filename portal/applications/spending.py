"""Costs and the own share as a call bounds them: what belongs elsewhere (R2-R6), ceilings, what is in kind. Pure.

Amounts are in cents. A cost belongs to a category by its tag `cost.<category>`, or, in a table, by a column that asks
for the category (tag `cost.category`) beside those that count as costs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from portal.applications.given import Given
from portal.applications.rules import COST, Amounts, Euro
from portal.calls.rules import CallDesign, Cofinancing, CostCategory, CostKind, OwnShare
from portal.calls.rules.options import flat_rates, how_counted
from portal.core.i18n import in_language, lazy_
from portal.questionnaires.rules import Text
from portal.questionnaires.rules.priced import is_derived

OF_CATEGORY, CATEGORY, IN_KIND, SOURCE = "cost.", "cost.category", "cofinancing.in_kind", "cofinancing.source"
ALL = Decimal(100)
AXIS_4 = lazy_("Structural works and supplies are paid by Axis 4, ERDF (R4).")
BELONGS: dict[CostKind, object] = {
    CostKind.FOOD: lazy_(
        "Food and basic necessities are paid by FEAD (R3); here the service of a canteen can be, not the food."
    ),
    CostKind.WORKS: AXIS_4,
    CostKind.SUPPLIES: AXIS_4,
    CostKind.SYSTEM_ACTIONS: lazy_("Guidelines, protocols and partnerships are paid by PON Inclusione (R5)."),
    CostKind.LOW_THRESHOLD: lazy_("Low-threshold and emergency services are paid by PON METRO, action 3.2.2 (R2, R6)."),
    CostKind.VOLUNTEERS: lazy_("The unpaid work of volunteers is no cost."),
    CostKind.RECOVERABLE_VAT: lazy_("VAT is a cost only where it cannot be recovered."),
    CostKind.INTEREST_FINES: lazy_("Interest and fines are never paid."),
}
"""Where a cost belongs that this call does not bear."""


@dataclass(frozen=True, slots=True)
class Named:
    """A text of the call that is read in the reader's language only when it is read."""

    text: Text

    def __str__(self) -> str:
        return in_language(self.text)


@dataclass(slots=True)
class Spent:
    """The costs of one category, and the question where the first of them stands."""

    place: tuple[str, str]
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    """What a budget does not keep, beside the question where it is mended."""

    place: tuple[str, str]
    message: object


def spent_by_category(given: Sequence[Given]) -> dict[str, Spent]:
    """What is spent on each category, in the order of the form."""
    found: dict[str, Spent] = {}
    for each in given:
        for category, cents in _amounts(each):
            found.setdefault(category, Spent(each.place)).cents += cents
    return found


def _amounts(each: Given) -> Iterator[tuple[str, int]]:
    if each.tag and each.tag.startswith(OF_CATEGORY):
        yield each.tag.removeprefix(OF_CATEGORY), _cents(each.value)
    kinds = [column for column, tag in each.tags.items() if tag == CATEGORY]
    for row in each.rows:
        for column, tag in each.tags.items():
            if tag == COST and kinds and row.get(kinds[0]):
                yield str(row[kinds[0]]), _cents(row.get(column))
            elif tag.startswith(OF_CATEGORY) and tag != CATEGORY:
                yield tag.removeprefix(OF_CATEGORY), _cents(row.get(column))


def _cents(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def largest_part(whole: int, per_cent: Decimal) -> int:
    """The largest amount within so many per cent of another, to the cent: a cent more is too much."""
    return int((Decimal(max(whole, 0)) * per_cent / ALL).to_integral_value(ROUND_FLOOR))


def cost_breaches(design: CallDesign, given: Sequence[Given], total: int) -> list[Breach]:
    """Costs that belong elsewhere, and categories above their ceiling."""
    categories = {each.key: each for each in design.costs.categories}
    spent = spent_by_category(given)
    found = [(categories[key], each) for key, each in spent.items() if key in categories and each.cents > 0]
    return [
        *(Breach(each.place, _elsewhere(category, each.cents, design)) for category, each in found
          if not category.eligible),
        *_typed_twice(design, given),
        *(Breach(each.place, _too_much(category, each.cents, total)) for category, each in found
          if category.eligible and category.most is not None and each.cents > largest_part(total, category.most)),
    ]  # fmt: skip


def _typed_twice(design: CallDesign, given: Sequence[Given]) -> Iterator[Breach]:
    """A flat rate stands for its costs: written beside it, they would be financed twice."""
    rates = {category.key: (category, option) for category, option, _rate in flat_rates(design.costs)}
    for each in given:
        kinds = [column for column, tag in each.tags.items() if tag == CATEGORY]
        typed = {str(row.get(kinds[0])) for row in each.rows if not is_derived(row)} if kinds else set()
        for key in sorted(typed & rates.keys()):
            category, option = rates[key]
            told = {"category": Named(category.name), "how": Named(how_counted(option))}
            yield Breach(each.place, lazy_(
                "“%(category)s” is computed by itself, %(how)s: written as a row of its own the same cost would be"
                " financed twice. Take the row away.", **told,
            ))  # fmt: skip


def _elsewhere(category: CostCategory, cents: int, design: CallDesign) -> object:
    told = {"category": Named(category.name), "amount": Euro(cents), "where": where_it_belongs(category, design)}
    return lazy_("“%(category)s” is not a cost of this call. %(where)s Take %(amount)s out of the costs.", **told)


def where_it_belongs(category: CostCategory, design: CallDesign) -> object:
    """Which programme bears such a cost, with the linked operation where the call names one."""
    words = BELONGS.get(category.kind)
    if words is None:
        return Named(category.note) if category.note else ""
    linked = design.costs.linked_axis4_operation
    if linked and words is AXIS_4:
        return lazy_("%(words)s Here that is the operation %(operation)s.", words=words, operation=linked)
    return words


def _too_much(category: CostCategory, cents: int, total: int) -> object:
    most = category.most or ALL
    return lazy_(
        "“%(category)s” is %(amount)s: at most %(share)s %% of the costs, %(most)s. Lower it by %(over)s, or look again"
        " at the other costs.",
        category=Named(category.name), amount=Euro(cents), share=f"{most.normalize():f}",
        most=Euro(largest_part(total, most)), over=Euro(cents - largest_part(total, most)),
    )  # fmt: skip


def own_share_breaches(share: OwnShare, given: Sequence[Given], amounts: Amounts) -> list[Breach]:
    """What the applicant puts in by itself: in kind, and by its sources."""
    return [*in_kind_breaches(share, given, amounts), *source_breaches(given, amounts)]


def in_kind_breaches(share: OwnShare, given: Sequence[Given], amounts: Amounts) -> list[Breach]:
    """What is given in kind: not taken at all, or above its part of the own share."""
    found = {each.place: each for each in given if IN_KIND in (each.tag, *each.tags.values())}
    cents = sum(_tagged(each, IN_KIND) for each in found.values())
    if cents <= 0:
        return []
    place = next(iter(found))
    if Cofinancing.IN_KIND not in share.made_of:
        return [Breach(place, lazy_("This call takes no contributions in kind: the own share is in money."))]
    most = largest_part(amounts.own, ALL if share.in_kind_most is None else share.in_kind_most)
    if cents <= most:
        return []
    return [Breach(place, _too_much_in_kind(share, cents, most, amounts.own))]


def source_breaches(given: Sequence[Given], amounts: Amounts) -> list[Breach]:
    """Sources that do not make up the own share, to the cent, where the form asks for them."""
    found = {each.place: each for each in given if SOURCE in (each.tag, *each.tags.values())}
    cents = sum(_tagged(each, SOURCE) for each in found.values())
    if not found or cents == amounts.own:
        return []
    told: Mapping[str, object] = {
        "sources": Euro(cents), "own": Euro(amounts.own), "difference": Euro(abs(cents - amounts.own)),
    }  # fmt: skip
    words: object = lazy_(
        "The sources make up %(sources)s, your own share is %(own)s: say where the other %(difference)s come from.",
        **told,
    )
    if cents > amounts.own:
        words = lazy_(
            "The sources make up %(sources)s, your own share is %(own)s: %(difference)s are too much. Lower them, or"
            " the grant requested.", **told,
        )  # fmt: skip
    return [Breach(next(iter(found)), words)]


def _tagged(each: Given, wanted: str) -> int:
    """What an answer, or the columns of its rows, with this tag amount to."""
    columns = [column for column, tag in each.tags.items() if tag == wanted]
    return (_cents(each.value) if each.tag == wanted else 0) + sum(
        _cents(row.get(column)) for row in each.rows for column in columns
    )


def _too_much_in_kind(share: OwnShare, cents: int, most: int, own: int) -> object:
    told: Mapping[str, object] = {"amount": Euro(cents), "own": Euro(own), "most": Euro(most)}
    if share.in_kind_most is None:
        return lazy_("%(amount)s in kind is more than the whole own share, %(own)s.", **told)
    return lazy_(
        "%(amount)s in kind: at most %(share)s %% of the own share (%(own)s), which is %(most)s. The rest is in money.",
        share=f"{share.in_kind_most.normalize():f}", **told,
    )  # fmt: skip
