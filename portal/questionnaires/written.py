"""Answers as people read them, in both languages, for what is frozen. Pure: no request, no locale."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.money import format_cents
from portal.core.municipalities import municipalities
from portal.questionnaires.rules import FilledForm, Question, QuestionType, Stored, Text, in_units
from portal.questionnaires.rules.priced import how_priced, name_of_row

YES_NO = {True: {"it": "Sì", "en": "Yes"}, False: {"it": "No", "en": "No"}}
DECLARED = {"it": "Dichiarato", "en": "Declared"}
NOTHING = {"it": "–", "en": "–"}
LANGUAGES = ("it", "en")
Areas = Mapping[str, str]


def written_out(question: Question, stored: Stored | None, areas: Areas) -> Text:
    """An answer as people read it, in both languages; rows one under the other."""
    value = stored.get("value") if stored else None
    if value is None or value == "" or value == []:
        return dict(NOTHING)
    if question.has_rows:
        return {language: "\n".join(_line(question, row, areas, language) for row in value) for language in LANGUAGES}
    return WRITERS.get(question.type, _same)(question, value, areas)


def table_written_out(question: Question, filled: FilledForm, areas: Areas) -> dict[str, Any]:
    """Rows as a table: the names of its columns, its cells in both languages, the total of each column that has one."""
    columns, totals = question.columns, filled.totals(question)
    return {
        "columns": [dict(column.label) for column in columns],
        "rows": [[_cell(column, row, areas) for column in columns] for row in filled.rows(question)],
        "totals": [
            written_out(column, {"value": totals[column.key]}, areas) if column.key in totals else None
            for column in columns
        ],
    }


def _line(question: Question, row: Mapping[str, Any], areas: Areas, language: str) -> str:
    cells = [
        f"{column.label.get(language, column.key)}: {_cell(column, row, areas, ', ')[language]}"
        for column in question.columns
        if row.get(column.key) is not None
    ]
    return " · ".join(cells)


def _cell(column: Question, row: Mapping[str, Any], areas: Areas, between: str = "\n") -> Text:
    """A cell of a row; beside the kind of one that was priced, how its amount came about."""
    words = name_of_row(row, column.key) or written_out(column, {"value": row.get(column.key)}, areas)
    how = how_priced(row, column.key)
    return {language: f"{words[language]}{between}{how[language]}" for language in LANGUAGES} if how else dict(words)


def _same(_question: Question, value: Any, _areas: Areas) -> Text:
    return {language: str(value) for language in LANGUAGES}


def _yes_no(_question: Question, value: Any, _areas: Areas) -> Text:
    return dict(YES_NO[bool(value)])


def _declared(_question: Question, value: Any, _areas: Areas) -> Text:
    return dict(DECLARED if value else YES_NO[False])


def _choice(question: Question, value: Any, areas: Areas) -> Text:
    return next(
        (dict(option.label) for option in question.options if option.key == value), _same(question, value, areas)
    )


def _choices(question: Question, value: Any, areas: Areas) -> Text:
    chosen = [_choice(question, each, areas) for each in value]
    return {language: ", ".join(each.get(language, "") for each in chosen) for language in LANGUAGES}


def _area(question: Question, value: Any, areas: Areas) -> Text:
    return _same(question, areas.get(str(value), value), areas)


def _money(_question: Question, value: Any, _areas: Areas) -> Text:
    return {language: f"€ {format_cents(int(value), language)}" for language in LANGUAGES}


def _number(question: Question, value: Any, areas: Areas) -> Text:
    number = in_units(question, value)
    if number is None:
        return _same(question, value, areas)
    unit = " %" if question.type is QuestionType.PERCENTAGE else ""
    return {language: _decimal(number, language) + unit for language in LANGUAGES}


def _decimal(number: Decimal, language: str) -> str:
    """Grouped by thousands, without trailing zeros: 1.250,5 and 1,250.5."""
    text = f"{number.normalize():,f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def _date(question: Question, value: Any, areas: Areas) -> Text:
    return _same(question, f"{date.fromisoformat(str(value)):%d/%m/%Y}", areas)


def _address(question: Question, value: Any, areas: Areas) -> Text:
    town = municipalities().get(value["municipality"])
    street = ", ".join(part for part in (value["street"], value["number"]) if part)
    return _same(question, f"{street} – {value['postcode']} {town.label if town else value['municipality']}", areas)


def _place(question: Question, value: Any, areas: Areas) -> Text:
    return _same(question, f"{value['lat']}, {value['lon']}", areas)


def _files(question: Question, value: Any, areas: Areas) -> Text:
    return _same(question, "\n".join(file["name"] for file in value), areas)


WRITERS: dict[QuestionType, Callable[[Question, Any, Areas], Text]] = {
    QuestionType.YES_NO: _yes_no,
    QuestionType.DECLARATION: _declared,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
    QuestionType.AREA: _area,
    QuestionType.MONEY: _money,
    QuestionType.NUMBER: _number,
    QuestionType.PERCENTAGE: _number,
    QuestionType.DATE: _date,
    QuestionType.ADDRESS: _address,
    QuestionType.PLACE: _place,
    QuestionType.FILES: _files,
}
