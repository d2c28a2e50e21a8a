"""A whole questionnaire, and what makes one impossible to answer."""

from dataclasses import dataclass
from functools import cached_property

from portal.questionnaires.rules.design.question import Question, Section
from portal.questionnaires.rules.design.vocabulary import KEY, RESERVED_KEYS, QuestionType


@dataclass(frozen=True)
class Form:
    """A whole questionnaire."""

    sections: list[Section]

    def section(self, key: str) -> Section | None:
        """The section with this key, if any."""
        return next((section for section in self.sections if section.key == key), None)

    def question(self, key: str) -> Question | None:
        """The question with this key, if any."""
        return self.by_key.get(key)

    @cached_property
    def questions(self) -> list[Question]:
        """Every question, in order (columns of tables not among them)."""
        return [question for section in self.sections for question in section.questions]

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """Every question by its key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of each question, by the question's key."""
        return {question.key: section for section in self.sections for question in section.questions}

    @cached_property
    def by_tag(self) -> dict[str, list[tuple[Question, Question | None]]]:
        """Where each tag stands, in the order of the form: the question, and its column when the column has the tag."""
        found: dict[str, list[tuple[Question, Question | None]]] = {}
        for question in self.questions:
            for column in (None, *question.columns):
                if tag := (column or question).tag:
                    found.setdefault(tag, []).append((question, column))
        return found


class MalformedForm(ValueError):
    """A design whose questions cannot be told apart or answered: `portal call validate` shows it."""


def form_from_design(sections: list[Section]) -> Form:
    """The form of a call's design; MalformedForm when two questions share a key or a choice has no options.

    Only what would make answers ambiguous is refused here; `form_faults` finds everything, with its place and mend.
    """
    form = Form(list(sections))
    _must_differ("section", [section.key for section in form.sections])
    _must_be_askable("question", form.questions)
    return form


def _must_be_askable(what: str, questions: list[Question]) -> None:
    _must_differ(what, [question.key for question in questions])
    for question in questions:
        place = f"{what} {question.key}"
        if not KEY.fullmatch(question.key):
            raise MalformedForm(f"{place}: write the key in small letters, digits and underscores")
        if question.key in RESERVED_KEYS:
            raise MalformedForm(f"{place}: this key is taken by the portal; choose another")
        if question.type in (QuestionType.CHOICE, QuestionType.CHOICES) and not question.options:
            raise MalformedForm(f"{place}: a choice needs options")
        _must_differ(f"{place}, option", [option.key for option in question.options])
        if question.has_rows:
            if not question.columns:
                raise MalformedForm(f"{place}: a table needs columns")
            _must_be_askable(f"{place}, column", question.columns)


def _must_differ(what: str, keys: list[str]) -> None:
    for key in sorted(set(keys)):
        if keys.count(key) > 1:
            raise MalformedForm(f"{what} {key}: this key is used twice")
