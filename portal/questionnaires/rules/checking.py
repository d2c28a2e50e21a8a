"""Judging stored answers: what is missing or wrong, how far a section is, what the tagged answers say. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.i18n import lazy_
from portal.questionnaires.rules.conditions import NO_FACTS, Facts
from portal.questionnaires.rules.design import Form, Question, QuestionType, Section
from portal.questionnaires.rules.filled import FilledForm
from portal.questionnaires.rules.geometry import Ground, where_is
from portal.questionnaires.rules.limits import RowFault, advice_of, fault_of, first_of
from portal.questionnaires.rules.priced import is_derived
from portal.questionnaires.rules.stored import Stored, is_answered, rows_of

WRITE, CHOOSE = lazy_("Write an answer."), lazy_("Choose an answer.")
MISSING: dict[QuestionType, object] = {
    QuestionType.TEXT: WRITE,
    QuestionType.LONG_TEXT: WRITE,
    QuestionType.YES_NO: lazy_("Choose yes or no."),
    QuestionType.CHOICE: CHOOSE,
    QuestionType.CHOICES: lazy_("Choose one answer at least."),
    QuestionType.AREA: lazy_("Choose an area."),
    QuestionType.MONEY: lazy_("Write an amount in euros, for example 1.234,50."),
    QuestionType.NUMBER: lazy_("Write a number."),
    QuestionType.PERCENTAGE: lazy_("Write a percentage, for example 15 or 12,5."),
    QuestionType.DATE: lazy_("Write a date."),
    QuestionType.DECLARATION: lazy_("Tick this declaration: without it the form cannot be sent."),
    QuestionType.FISCAL_CODE: lazy_("Write the codice fiscale."),
    QuestionType.VAT_NUMBER: lazy_("Write the partita IVA: 11 digits."),
    QuestionType.IBAN: lazy_("Write the IBAN."),
    QuestionType.CUP: lazy_("Write the CUP: 15 characters."),
    QuestionType.ADDRESS: lazy_("Write the address."),
    QuestionType.PLACE: lazy_("Put the point on the map, or write latitude and longitude."),
    QuestionType.FILES: lazy_("Attach a file."),
    QuestionType.TABLE: lazy_("Fill in one row at least."),
    QuestionType.PEOPLE: lazy_("Name one person at least."),
    QuestionType.GROUP: lazy_("Fill in one card at least."),
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
    """Two people changed one answer; `mine` was not saved. Both are stored answers (see `stored`)."""

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


def missing_cells(question: Question, stored: Stored | None) -> list[RowFault]:
    """The cells that must be filled in and are empty, row by row; those that cannot be read are faults, not missing."""
    texts = (stored.get("typed") if stored and stored.get("fault") else None) or {}
    return [
        RowFault(index, column, MISSING[column.type])
        for index, row in enumerate(rows_of(stored))
        if not is_derived(row)
        for column in question.columns
        if column.required and not column.is_computed and row.get(column.key) is None
        if column.key not in texts.get(str(index), {})
    ]


def check_question(question: Question, stored: Stored | None, grounds: Iterable[Ground] = ()) -> object | None:
    """What keeps this answer from being sent, with its mend; None when nothing does.

    `grounds` are the target areas: with them a place that must lie inside one is checked.
    """
    fault = fault_of(question, stored)
    if fault is not None:
        return fault
    if not is_answered(question, stored):
        return MISSING[question.type] if question.required and not question.is_computed else None
    missing = first_of(missing_cells(question, stored))
    return missing or _too_few(question, stored) or _outside(question, stored, grounds)


def _too_few(question: Question, stored: Stored | None) -> object:
    value = stored.get("value") if stored else None
    count = len(value) if isinstance(value, list) else 0
    count -= sum(is_derived(row) for row in rows_of(stored))
    if question.has_rows and count < (question.min_rows or 0):
        return lazy_("At least %(least)s rows are asked for. Add %(more)s.",
                     least=question.min_rows, more=(question.min_rows or 0) - count)  # fmt: skip
    if question.type is QuestionType.CHOICES and count < (question.min_choices or 0):
        return lazy_("Choose %(least)s answers at least.", least=question.min_choices)
    return None


def _outside(question: Question, stored: Stored | None, grounds: Iterable[Ground]) -> object:
    value = stored.get("value") if stored else None
    if question.type is not QuestionType.PLACE or not question.inside_areas or not isinstance(value, dict):
        return None
    if where_is((value["lat"], value["lon"]), grounds).is_outside:
        return lazy_("This place is outside the target areas. Choose one inside them.")
    return None


def check_form(
    form: Form, values: Mapping[str, Stored], *, facts: Facts = NO_FACTS, grounds: Iterable[Ground] = ()
) -> dict[str, object]:
    """Everything missing or wrong, by question in the order of the form; empty when the form can be sent."""
    return check_filled(FilledForm(form, values, facts), grounds)


def check_filled(filled: FilledForm, grounds: Iterable[Ground] = ()) -> dict[str, object]:
    """The same of a form already filled. Hidden questions are neither missing nor wrong."""
    areas = list(grounds)
    found = {question.key: check_question(question, filled.stored(question), areas) for question in filled.questions}
    return {key: message for key, message in found.items() if message is not None}


def advices(filled: FilledForm) -> dict[str, object]:
    """The warnings that keep nothing from being sent, by question."""
    found = {question.key: advice_of(question, filled.stored(question)) for question in filled.questions}
    return {key: message for key, message in found.items() if message is not None}


def tagged(form: Form, values: Mapping[str, Stored], tag: str, *, facts: Facts = NO_FACTS) -> list[Any]:
    """The values given to the questions with this tag, in the order of the form; faulty and empty ones left out."""
    return FilledForm(form, values, facts).tagged(tag)


def section_state(filled: FilledForm, section: Section, grounds: Iterable[Ground] = ()) -> SectionState:
    """How far a section is: hidden questions do not count."""
    areas = list(grounds)
    answers = [(question, filled.stored(question)) for question in filled.questions_of(section)]
    wrong = sum(fault_of(question, stored) is not None for question, stored in answers)
    unsent = sum(check_question(question, stored, areas) is not None for question, stored in answers)
    return SectionState(missing=unsent - wrong, faults=wrong)
