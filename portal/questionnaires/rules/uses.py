"""Who uses a question, an option, a column: what is used cannot be deleted, and its users are named. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.core.i18n import in_language, lazy_
from portal.questionnaires.rules.conditions import comparisons_in
from portal.questionnaires.rules.design import Condition, Form, Question, Text
from portal.questionnaires.rules.formulas import names_in


@dataclass(frozen=True, slots=True)
class Use:
    """A place that needs something: its path in the form, its label, and whether by a condition or a formula."""

    place: str
    label: Text
    by: str

    def __str__(self) -> str:
        """Such as: the condition of “Size”."""
        return str(BY[self.by]) % {"label": in_language(self.label)}


CONDITION, FORMULA = "condition", "formula"
BY = {CONDITION: lazy_("the condition of “%(label)s”"), FORMULA: lazy_("the formula of “%(label)s”")}


def uses_of_question(form: Form, key: str) -> list[Use]:
    """Every condition that names this question, every formula that counts with a tag only it has; in form order."""
    found = [
        use for use, condition in _conditions(form) if any(each.question == key for each in comparisons_in(condition))
    ]
    question = form.question(key)
    if question is not None:
        tags = {each.tag for each in (question, *question.columns) if each.tag}
        alone = [tag for tag in tags if {other.key for other, _column in form.by_tag[tag]} == {key}]
        found += _counting(form, alone, but=key)
    return sorted(found, key=lambda use: _order(use.place))


def uses_of_option(form: Form, key: str, option: str) -> list[Use]:
    """Every condition that compares this question with this option."""
    return [
        use
        for use, condition in _conditions(form)
        for each in comparisons_in(condition)
        if each.question == key and option in (each.equals, each.differs, *(each.in_ or ()))
    ]


def uses_of_column(form: Form, key: str, column: str) -> list[Use]:
    """Every formula that counts with this column: in its own table, or by a tag that only it has."""
    question = form.question(key)
    found = question.column(column) if question is not None else None
    if question is None or found is None:
        return []
    beside = [
        Use(f"{_place_of(form, question)}.questions.{index}", other.label, FORMULA)
        for index, other in enumerate(question.columns)
        if other.key != column and column in names_in(other.formula)
    ]
    alone = found.tag is not None and len(form.by_tag[found.tag]) == 1
    return [*beside, *_counting(form, [found.tag] if alone and found.tag else [], but=key)]


def _conditions(form: Form) -> Iterator[tuple[Use, Condition]]:
    for number, section in enumerate(form.sections):
        place = f"sections.{number}"
        if section.when is not None:
            yield Use(place, section.title, CONDITION), section.when
        for index, question in enumerate(section.questions):
            if question.when is not None:
                yield Use(f"{place}.questions.{index}", question.label, CONDITION), question.when


def _counting(form: Form, tags: Iterable[str], *, but: str) -> list[Use]:
    wanted = set(tags)
    return [
        Use(_place_of(form, question), question.label, FORMULA)
        for question in form.questions
        if question.key != but and wanted.intersection(names_in(question.formula))
    ]


def _place_of(form: Form, wanted: Question) -> str:
    for number, section in enumerate(form.sections):
        for index, question in enumerate(section.questions):
            if question is wanted:
                return f"sections.{number}.questions.{index}"
    return ""


def _order(place: str) -> list[int]:
    return [int(part) for part in place.split(".") if part.isdigit()]
