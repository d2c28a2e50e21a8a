"""Judging stored answers: what is missing or wrong, how far a section is, what the tagged answers say. Pure.

A stored answer is {"value": …}; one that could not be read is {"value": null, "typed": "12,345", "fault": true}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import Form, Question, QuestionType, Section
from portal.questionnaires.rules.reading import UNSTORABLE, parse_answer

Stored = Mapping[str, Any]
MISSING: dict[QuestionType, object] = {
    QuestionType.TEXT: lazy_("Write an answer."),
    QuestionType.LONG_TEXT: lazy_("Write an answer."),
    QuestionType.YES_NO: lazy_("Choose yes or no."),
    QuestionType.CHOICE: lazy_("Choose an answer."),
    QuestionType.AREA: lazy_("Choose an area."),
    QuestionType.MONEY: lazy_("Write an amount in euros, for example 1.234,50."),
    QuestionType.NUMBER: lazy_("Write a number."),
    QuestionType.DATE: lazy_("Write a date."),
    QuestionType.DECLARATION: lazy_("Tick this declaration: without it the form cannot be sent."),
}


@dataclass(frozen=True, slots=True)
class SectionState:
    """How far a section is: required answers missing, answers to mend."""

    missing: int
    faults: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing and nothing is wrong."""
        return not self.missing and not self.faults


@dataclass(frozen=True, slots=True)
class Conflicting:
    """Two people changed one answer; `mine` was not saved. Both are stored answers (see the module)."""

    key: str
    mine: Stored
    theirs: Stored
    their_version: int
    their_at: datetime
    their_by: UUID | None


@dataclass(frozen=True, slots=True)
class SectionSaved:
    """The outcome of a save: present version of each answer sent, conflicts, and what is wrong with some.

    `refused` holds the keys (with the message) whose text is too long even for a draft: these alone were not kept.
    """

    versions: dict[str, int]
    conflicts: list[Conflicting]
    faults: dict[str, object]
    refused: dict[str, object]


def over_limit(question: Question, stored: Stored) -> int:
    """How many characters a text is too long (line ends count one)."""
    value = stored.get("value")
    return max(0, len(value) - question.limit) if question.limit and isinstance(value, str) else 0


def fault_of(question: Question, stored: Stored | None) -> object | None:
    """What is wrong with a stored answer, with its mend; None when nothing is, or nothing is there."""
    if not stored:
        return None
    if stored.get("fault"):
        again = parse_answer(question, str(stored.get("typed", "")), areas=())
        return again.fault or UNSTORABLE
    excess = over_limit(question, stored)
    if excess:
        too_long: object = lazy_(
            "The text is too long: at most %(limit)s characters. Take away %(excess)s.",
            limit=question.limit,
            excess=excess,
        )
        return too_long
    return None


def is_answered(question: Question, stored: Stored | None) -> bool:
    """Whether there is a value; a declaration counts only when it is made."""
    value = stored.get("value") if stored else None
    return value is not None and (value is True or question.type is not QuestionType.DECLARATION)


def check_question(question: Question, stored: Stored | None) -> object | None:
    """What keeps this answer from being sent, with its mend; None when nothing does."""
    fault = fault_of(question, stored)
    if fault is None and question.required and not is_answered(question, stored):
        return MISSING[question.type]
    return fault


def check_form(form: Form, values: Mapping[str, Stored]) -> dict[str, object]:
    """Everything missing or wrong, by question in the order of the form; empty when the form can be sent."""
    found = {question.key: check_question(question, values.get(question.key)) for question in form.questions}
    return {key: message for key, message in found.items() if message is not None}


def tagged(form: Form, values: Mapping[str, Stored], tag: str) -> list[Any]:
    """The values given to the questions with this tag, in the order of the form; faulty and empty ones left out."""
    stored = [values.get(question.key) for question in form.questions if question.tag == tag]
    return [answer["value"] for answer in stored if answer and answer.get("value") is not None]


def section_state(section: Section, values: Mapping[str, Stored]) -> SectionState:
    """How far a section is."""
    wrong = sum(fault_of(question, values.get(question.key)) is not None for question in section.questions)
    unsent = sum(check_question(question, values.get(question.key)) is not None for question in section.questions)
    return SectionState(missing=unsent - wrong, faults=wrong)
