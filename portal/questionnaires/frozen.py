"""Answers as they are frozen: plain JSON, readable without this portal, in both languages. Pure.

Hidden questions are left out, computed ones are written down; files are named, their bytes are elsewhere.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.questionnaires.rules import FilledForm, Question, QuestionType, Section
from portal.questionnaires.written import table_written_out, written_out


def sections_frozen(filled: FilledForm, areas: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sections that are shown, each with the answers that count; `areas` are names by key."""
    return [_section(section, filled, areas) for section in filled.sections]


def files_frozen(sections: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the files that were given as answers."""
    return {
        file["id"]
        for section in sections
        for answer in section["answers"]
        if answer.get("type") == QuestionType.FILES.value
        for file in answer["value"] or ()
    }


def _section(section: Section, filled: FilledForm, areas: Mapping[str, str]) -> dict[str, Any]:
    answers = [_answer(question, filled, areas) for question in filled.questions_of(section)]
    return {"key": section.key, "title": dict(section.title), "answers": answers}


def _answer(question: Question, filled: FilledForm, areas: Mapping[str, str]) -> dict[str, Any]:
    stored = filled.stored(question)
    written = {
        "key": question.key,
        "type": question.type.value,
        "tag": question.tag,
        "label": dict(question.label),
        "value": stored.get("value") if stored else None,
        "text": written_out(question, stored, areas),
    }
    if question.has_rows and filled.rows(question):
        written["table"] = table_written_out(question, filled, areas)
    if tags := {column.key: column.tag for column in question.columns if column.tag}:
        written["tags"] = tags
    return written
