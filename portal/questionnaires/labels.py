"""The words for answers, and for the list of what is still to mend."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.core.i18n import _, in_language, locale
from portal.core.instants import format_day
from portal.core.money import format_cents, format_money
from portal.core.municipalities import municipalities
from portal.questionnaires.rules import Form, Question, QuestionType, Stored, in_units, typed_of

FIELD_ID = "q-"
DASH = "–"
Areas = Mapping[str, str]


def answer_in_words(question: Question, stored: Stored | None, areas: Areas | None = None) -> str:
    """A stored answer as it is read; `areas` maps the key of an area to its name. A dash for none.

    Rows are one line each: the column and its value, in the order of the columns.
    """
    if stored and stored.get("fault") and not isinstance(stored.get("value"), list):
        typed = typed_of(question, stored)
        return typed if isinstance(typed, str) else _joined(typed)
    value = stored.get("value") if stored else None
    if question.type is QuestionType.DECLARATION:
        return str(_("Declared") if value is True else _("Not declared"))
    return DASH if value is None else value_in_words(question, value, areas)


def _joined(typed: Any) -> str:
    parts = typed.values() if isinstance(typed, dict) else typed
    return ", ".join(_joined(part) if isinstance(part, (dict, list)) else str(part) for part in parts)


def value_in_words(question: Question, value: Any, areas: Areas | None = None) -> str:
    """A stored value (a cell's too) as it is read."""
    words = WORDS.get(question.type)
    if words is not None:
        return words(question, value)
    if question.type is QuestionType.AREA:
        return (areas or {}).get(value, str(value))
    if question.has_rows and isinstance(value, list):
        return "\n".join(_row(question, row, areas) for row in value)
    return str(value)


def _row(question: Question, row: Mapping[str, Any], areas: Areas | None) -> str:
    cells = [(column, row[column.key]) for column in question.columns if row.get(column.key) is not None]
    return "; ".join(f"{in_language(column.label)}: {value_in_words(column, cell, areas)}" for column, cell in cells)


def _money(_question: Question, value: Any) -> str:
    return format_money(value)


def _number(question: Question, value: Any) -> str:
    number = in_units(question, value)
    if number is None:
        return str(value)
    whole, dot, decimals = f"{abs(number):f}".partition(".")
    decimals = decimals.rstrip("0") if question.type is QuestionType.PERCENTAGE else decimals
    sign, point = "-" if number < 0 else "", "," if locale() == "it" else "."
    return sign + format_cents(int(whole) * 100, locale())[:-3] + (point + decimals if dot and decimals else "")


def _percentage(question: Question, value: Any) -> str:
    return f"{_number(question, value)} %" if locale() == "it" else f"{_number(question, value)}%"


def _yes_no(_question: Question, value: Any) -> str:
    return str(_("Yes") if value else _("No"))


def _choice(question: Question, value: Any) -> str:
    labels = {option.key: in_language(option.label) for option in question.options}
    return labels.get(value, str(value))


def _choices(question: Question, value: Any) -> str:
    return ", ".join(_choice(question, each) for each in value)


def _date(_question: Question, value: Any) -> str:
    return format_day(date.fromisoformat(value))


def _address(_question: Question, value: Any) -> str:
    found = municipalities().get(value.get("municipality", ""))
    town = found.label if found else value.get("municipality", "")
    street = " ".join(part for part in (value.get("street"), value.get("number")) if part)
    return f"{street}, {value.get('postcode', '')} {town}"


def _place(_question: Question, value: Any) -> str:
    point = "," if locale() == "it" else "."
    return "; ".join(f"{value[part]:.5f}".replace(".", point) for part in ("lat", "lon"))


def _files(_question: Question, value: Any) -> str:
    return ", ".join(str(file.get("name", "")) for file in value)


WORDS: dict[QuestionType, Callable[[Question, Any], str]] = {
    QuestionType.MONEY: _money,
    QuestionType.NUMBER: _number,
    QuestionType.PERCENTAGE: _percentage,
    QuestionType.YES_NO: _yes_no,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
    QuestionType.DATE: _date,
    QuestionType.ADDRESS: _address,
    QuestionType.PLACE: _place,
    QuestionType.FILES: _files,
}


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer that is written in the reader's language only when it is read: `in_both` keeps it in both."""

    question: Question
    stored: Stored | None
    areas: Areas = field(default_factory=dict)

    def __str__(self) -> str:
        return answer_in_words(self.question, self.stored, self.areas)


def field_text(question: Question, stored: Stored | None) -> str:
    """A stored answer as its field shows it for editing; what could not be read stays as it was typed."""
    typed = typed_of(question, stored)
    return typed if isinstance(typed, str) else _joined(typed)


def field_id(question: Question) -> str:
    """The id of the control to which a summary of errors leads."""
    first = question.type in FIRST_OF_SEVERAL or (question.type is QuestionType.CHOICE and is_short(question))
    return f"{FIELD_ID}{question.key}{'-0' if first else ''}"


FIRST_OF_SEVERAL = frozenset({QuestionType.YES_NO, QuestionType.CHOICES})


def is_short(question: Question) -> bool:
    """Whether the options are few enough to stand one under the other."""
    return len(question.options) <= 5


def summary_of(form: Form, faults: Mapping[str, object]) -> dict[str, str]:
    """What is missing or wrong, each with the name of its question, by the id of its field: for `error_summary`."""
    found = {}
    for question in form.questions:
        if message := faults.get(question.key):
            found[field_id(question)] = f"{in_language(question.label)}: {message}"
    return found
