"""Answers to be read: in words, tables with their totals, files with their addresses."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.core.i18n import in_language
from portal.questionnaires.fields.shapes import AnswerRead, Setting
from portal.questionnaires.fields.words import where_words
from portal.questionnaires.labels import answer_in_words
from portal.questionnaires.rules import NUMERIC, FilledForm, Question, QuestionType, Stored, row_faults, rows_of
from portal.questionnaires.rules.priced import how_priced, name_of_row

DASH = "–"


def answers_read(filled: FilledForm, questions: Iterable[Question], setting: Setting) -> list[AnswerRead]:
    """The answers that count, in order; hidden questions are left out."""
    return [answer_read(filled, each, filled.stored(each), setting) for each in questions if filled.is_visible(each)]


def answer_read(filled: FilledForm, question: Question, stored: Stored | None, setting: Setting) -> AnswerRead:
    """One answer in words."""
    label, is_faulty = in_language(question.label), bool(stored and stored.get("fault"))
    if question.has_rows and rows_of(stored):
        return _table(filled, question, stored, label, setting)
    value = stored.get("value") if stored else None
    if question.type is QuestionType.FILES and isinstance(value, list):
        files = [setting.files.get(each["id"], {"name": each["name"], "url": None}) for each in value]
        return AnswerRead(label, files=files)
    words = answer_in_words(question, stored, setting.areas)
    if question.type is QuestionType.PLACE and (where := where_words(stored, setting)):
        words = f"{words}\n{where}"
    return AnswerRead(label, words, is_number=question.type in NUMERIC, is_faulty=is_faulty)


def _table(filled: FilledForm, question: Question, stored: Stored | None, label: str, setting: Setting) -> AnswerRead:
    columns, totals = question.columns, filled.totals(question)
    texts = (stored or {}).get("typed") if stored and stored.get("fault") else None
    wrong = texts if isinstance(texts, dict) else {}
    rows = []
    for number, row in enumerate(rows_of(stored)):
        typed = wrong.get(str(number), {})
        rows.append([typed.get(each.key) or cell_words(each, row, setting) for each in columns])
    return AnswerRead(
        label,
        heads=[(in_language(column.label), column.type in NUMERIC) for column in columns],
        rows=rows,
        totals=[_words(column, totals[column.key], setting) if column.key in totals else "" for column in columns],
        is_faulty=bool(row_faults(question, stored)),
    )


def cell_words(column: Question, row: Mapping[str, Any], setting: Setting) -> str:
    """A cell of a row in words; beside the kind of one that was priced, how its amount came about."""
    name, how = name_of_row(row, column.key), how_priced(row, column.key)
    words = in_language(name) if name else _words(column, row.get(column.key), setting)
    return f"{words}\n{in_language(how)}" if how else words


def _words(column: Question, value: Any, setting: Setting) -> str:
    return answer_in_words(column, {"value": value}, setting.areas) if value is not None else DASH
