"""The way back: a stored answer as it would be typed. Reading it again gives the same stored answer."""

from decimal import Decimal
from typing import Any

from portal.core.money import format_cents
from portal.questionnaires.rules.design import ROWS, Question, QuestionType, Typed
from portal.questionnaires.rules.priced import typed_rows
from portal.questionnaires.rules.reading import NO, YES
from portal.questionnaires.rules.stored import Stored
from portal.questionnaires.rules.units import in_units, plain


def typed_of(question: Question, stored: Stored | None) -> Typed:
    """A stored answer as its fields show it; what could not be read stays as it was typed. An empty text for none."""
    if not stored:
        return ""
    if question.type in ROWS and isinstance(stored.get("value"), list):
        return _rows(question, stored)
    if stored.get("fault"):
        typed: Typed = stored.get("typed", "")
        return typed
    return typed_value(question, stored.get("value"))


def _rows(question: Question, stored: Stored) -> list[dict[str, str]]:
    wrong = stored.get("typed") if stored.get("fault") else None
    rows = []
    for index, row in enumerate(typed_rows(stored["value"])):
        cells = {
            column.key: str(typed_value(column, row[column.key]))
            for column in question.columns
            if row.get(column.key) is not None and not column.is_computed
        }
        rows.append(cells | (wrong or {}).get(str(index), {}))
    return rows


def typed_value(question: Question, value: Any) -> Typed:
    """A value that is no row, as it would be typed."""
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case list() if question.type is QuestionType.FILES:
            return [{name: str(part) for name, part in file.items()} for file in value]
        case list():
            return [str(each) for each in value]
        case dict():
            return {name: _part(part) for name, part in value.items()}
        case _:
            return _number(question, value)


def _part(part: Any) -> str:
    return plain(Decimal(repr(part))).replace(".", ",") if isinstance(part, float) else str(part)


def _number(question: Question, value: Any) -> str:
    number = in_units(question, value)
    if number is None:
        return str(value)
    if question.type is QuestionType.MONEY:
        return format_cents(int(value))
    return plain(number).replace(".", ",")
