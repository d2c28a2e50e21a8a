"""The numbers behind tags, out of thousands of filled forms of one kind."""

from collections.abc import Sequence
from decimal import Decimal

from portal.questionnaires.rules import FilledForm, Form
from portal.questionnaires.rules.design import NUMERIC, Question
from portal.questionnaires.rules.stored import is_answered
from portal.questionnaires.rules.units import in_units


class NumberReader:
    """What each tag sums up to: straight from the answers of questions that are always asked and typed."""

    def __init__(self, form: Form, names: Sequence[str]) -> None:
        self._plain = {name: _plain(form, name) for name in names}

    def numbers(self, said: FilledForm) -> tuple[tuple[str, Decimal], ...]:
        """The tags that were answered, with their sums."""
        found: list[tuple[str, Decimal]] = []
        for name, questions in self._plain.items():
            given = said.numbers(name) if questions is None else _typed(questions, said)
            if given:
                found.append((name, sum(given, Decimal(0))))
        return tuple(found)


def _typed(questions: Sequence[Question], said: FilledForm) -> list[Decimal]:
    """The numbers that were typed."""
    answers = [(each, stored) for each in questions if (stored := said.values.get(each.key)) is not None]
    found = [in_units(question, stored.get("value")) for question, stored in answers if is_answered(question, stored)]
    return [each for each in found if each is not None]


def _plain(form: Form, name: str) -> tuple[Question, ...] | None:
    """The questions with this tag, where nothing hides or computes the answer of any."""
    asked = form.by_tag.get(name, ())
    if any(column is not None or not _is_plain(form, question) for question, column in asked):
        return None
    return tuple(question for question, _column in asked)


def _is_plain(form: Form, question: Question) -> bool:
    section = form.section_of.get(question.key)
    is_shown = section is not None and section.when is None and question.when is None
    return is_shown and question.type in NUMERIC and not question.is_computed and not question.has_rows
