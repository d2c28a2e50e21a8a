"""Amounts that add up: what is wanted in all is spread over the answers and columns that count towards it. Pure."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from portal.questionnaires.rules import (
    NUMERIC,
    Facts,
    FilledForm,
    Form,
    MalformedFormula,
    Question,
    QuestionType,
    Stored,
    as_stored,
    in_units,
    parse_formula,
)
from portal.questionnaires.rules.pricing import NO_PRICING, Pricing

Values = dict[str, Stored]
Rows = list[dict[str, Any]]
Prices = Mapping[str, Pricing]
CENT = Decimal("0.01")
MOST = {QuestionType.PERCENTAGE: Decimal(100)}


def summed_up(
    form: Form, values: Values, *, facts: Facts, wanted: Mapping[str, Decimal], pricing: Prices = NO_PRICING
) -> Values:
    """The same answers, with the amounts of each wanted tag spread so that they reach their sum."""
    for tag, total in wanted.items():
        shown = FilledForm(form, values, facts, pricing)
        places = [each for each in form.by_tag.get(tag, ()) if shown.is_visible(each[0])]
        settable = [each for each in places if _can_be_set(*each)]
        _spread(settable, total, values, pricing)
        reached = FilledForm(form, values, facts, pricing).sum_of(tag)
        if reached > total > 0 and any(pricing[each.key].shares for each, _column in settable if each.key in pricing):
            # what follows from these amounts counts too: less is written, so that both together are enough
            _spread(settable, (total * total / reached + CENT).quantize(CENT, ROUND_CEILING), values, pricing)
    return values


def _can_be_set(question: Question, column: Question | None) -> bool:
    asked = column or question
    return asked.type in NUMERIC and (not asked.is_computed or (column is not None and _factors(question, asked) != []))


def _spread(places: list[tuple[Question, Question | None]], total: Decimal, values: Values, pricing: Prices) -> None:
    if not places:
        return
    each = (total / len(places)).quantize(Decimal("0.01"), ROUND_FLOOR)
    for number, (question, column) in enumerate(places):
        amount = total - each * (len(places) - 1) if number == 0 else each
        if column is None:
            values[question.key] = {"value": as_stored(question, within(question, amount))}
        else:
            rows = _rows_worth(question, column, amount, values[question.key]["value"])
            values[question.key] = {"value": [_as_priced(question, row, pricing.get(question.key)) for row in rows]}


def _as_priced(question: Question, row: dict[str, Any], pricing: Pricing | None) -> dict[str, Any]:
    """A row of a kind whose unit has its own cost: as many units as make up what was to be spent."""
    fixed = pricing.fixed.get(str(row.get(pricing.kind))) if pricing is not None else None
    column = question.column(pricing.amount) if pricing is not None else None
    factors = _factors(question, column) if column is not None and column.is_computed else []
    if fixed is None or len(factors) != 2 or factors[0].key in fixed.cells:
        return row
    quantity, unit = factors
    wanted, each = in_units(unit, row.get(unit.key)), in_units(unit, fixed.cells.get(unit.key))
    if not wanted or not each:
        return row
    return row | {quantity.key: as_stored(quantity, within(quantity, (wanted / each).to_integral(ROUND_CEILING)))}


def _rows_worth(
    question: Question, column: Question, total: Decimal, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    if not rows:
        return rows
    each = (total / len(rows)).quantize(Decimal("0.01"), ROUND_FLOOR)
    made = []
    for number, row in enumerate(rows):
        amount = total - each * (len(rows) - 1) if number == 0 else each
        made.append(row | _cells_worth(question, column, amount))
    return made


def _cells_worth(question: Question, column: Question, amount: Decimal) -> dict[str, Any]:
    if not column.is_computed:
        return {column.key: as_stored(column, within(column, amount))}
    *ones, last = _factors(question, column)
    cells = {one.key: as_stored(one, within(one, Decimal(1))) for one in ones}
    return cells | {last.key: as_stored(last, within(last, amount))}


def _factors(question: Question, column: Question) -> list[Question]:
    """The columns a computed one multiplies, amounts last; none where the formula is anything else."""
    formula = column.formula or ""
    try:
        parse_formula(formula)
    except MalformedFormula:
        return []
    names = [part.strip() for part in formula.split("*")]
    found = [question.column(name) for name in names]
    columns = [each for each in found if each is not None and each.type in NUMERIC and not each.is_computed]
    if len(columns) != len(names):
        return []
    return sorted(columns, key=lambda each: each.type is QuestionType.MONEY)


def within(question: Question, number: Decimal) -> Decimal:
    """The nearest number that the question can hold: its limits, rounded inwards to its decimals."""
    step = Decimal(1).scaleb(-question.places)
    low = question.minimum if question.minimum is not None else Decimal(0)
    most = MOST.get(question.type)
    high = min((each for each in (question.maximum, most) if each is not None), default=None)
    if high is not None and number > high:
        number = high.quantize(step, ROUND_FLOOR)
    return low.quantize(step, ROUND_CEILING) if number < low else number.quantize(step, ROUND_FLOOR)
