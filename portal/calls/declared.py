"""What a call declares beside amounts and dates, in the reader's words: for its page and its printed notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from portal.calls.describe import row_of
from portal.calls.designer.choices import words_of
from portal.calls.rules import (
    AidRegime,
    CallDesign,
    Cofinancing,
    CostCategory,
    CostRules,
    Inclusive,
    Indicator,
    OwnShare,
    TwoConsortia,
)
from portal.calls.rules.design import AdmissionRules
from portal.calls.rules.options import options_in_words
from portal.core.i18n import _, in_language


@dataclass(frozen=True, slots=True)
class Declared:
    """One thing that is declared: its name, and a line for each of its parts."""

    label: str
    lines: tuple[str, ...]


def declared(design: CallDesign) -> list[Declared]:
    """Themes, marginality, costs, funds, duties, indicators, terms; whatever the call does not say is left out."""
    parts = (*_aims(design), *_money(design), *_duties(design), *_end(design))
    return [part for part in parts if part.lines]


def _of(holder: type, name: str, *lines: str) -> Declared:
    return Declared(str(row_of(holder, name).label), lines)


def _words(values: list[Enum]) -> tuple[str, ...]:
    return tuple(str(words_of(value)) for value in values)


def _aims(design: CallDesign) -> Iterator[Declared]:
    yield _of(CallDesign, "themes", *_words([*design.themes]))
    if design.marginality is not None:
        reason = in_language(design.marginality.reason)
        yield _of(CallDesign, "marginality", *_words([*design.marginality.types]), reason)


def _money(design: CallDesign) -> Iterator[Declared]:
    costs = design.costs
    yield Declared(_("Eligible costs"), tuple(_cost(each) for each in costs.categories if each.eligible))
    yield Declared(
        _("Costs that are not eligible"), tuple(_cost(each) for each in costs.categories if not each.eligible)
    )
    counted = options_in_words(costs)
    yield Declared(
        _("Costs by simplified options"),
        tuple(f"{in_language(each.name)}: {in_language(how)}" for each, how in counted),
    )
    if costs.linked_axis4_operation is not None:
        yield _of(CostRules, "linked_axis4_operation", costs.linked_axis4_operation)
    if design.own_share.made_of != [Cofinancing.MONEY]:
        yield _of(OwnShare, "made_of", *_words([*design.own_share.made_of]))
    drawn = {line.fund for line in design.budget_lines}
    funds = [f"{in_language(fund.name)} ({words_of(fund.programme)})" for fund in design.funds if fund.key in drawn]
    yield _of(CallDesign, "funds", *funds)
    if design.aid_regime is not AidRegime.NOT_AID:
        yield _of(CallDesign, "aid_regime", str(words_of(design.aid_regime)))


def _cost(category: CostCategory) -> str:
    note = f": {in_language(category.note)}" if category.note else ""
    return f"{in_language(category.name)}{note}"


def _duties(design: CallDesign) -> Iterator[Declared]:
    given = design.participation
    if given.two_consortia is not TwoConsortia.ALLOWED:
        yield _of(type(given), "two_consortia", str(words_of(given.two_consortia)))
    before = [rule.must_incorporate_before for rule in design.applicants if rule.must_incorporate_before]
    yield Declared(_("An informal group becomes a legal entity"), _words([*before]))
    minute = any(phase.inclusive is Inclusive.MINUTE for phase in design.phases)
    whole = _("The terms include the whole minute that they name.")
    yield Declared(_("Terms"), (whole,) if minute else ())
    sealed = _("Nobody of the office opens what was sent, nor sees who applied, before the term is over.")
    yield _of(AdmissionRules, "sealed", *([sealed] if design.admission.sealed else []))


def _end(design: CallDesign) -> Iterator[Declared]:
    yield _of(CallDesign, "indicators", *(_indicator(each) for each in design.indicators))
    yield _of(CallDesign, "counting_mode", *_words([design.counting_mode] if design.counting_mode else []))
    yield _of(CallDesign, "retention_years", str(design.retention_years))


def _indicator(indicator: Indicator) -> str:
    unit = f" ({in_language(indicator.unit)})" if indicator.unit else ""
    target = f": {indicator.target.normalize():f}" if indicator.target is not None else ""
    return f"{in_language(indicator.name)}{unit}{target}"
