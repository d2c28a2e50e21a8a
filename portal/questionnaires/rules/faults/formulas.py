"""What is wrong with a formula: how it is written, and what its names stand for."""

from collections.abc import Mapping

from portal.core.i18n import lazy_
from portal.questionnaires.rules.conditions import circles
from portal.questionnaires.rules.design import NUMERIC, Form, Question, QuestionType
from portal.questionnaires.rules.faults.fault import FormFault, FormFaults, choose
from portal.questionnaires.rules.formulas import MalformedFormula, names_in, parse_formula


def formula_faults(place: str, formula: str, names: Mapping[str, bool]) -> FormFaults:
    """Everything wrong with a formula. `names` are those it may use, each with whether it stands for a number."""
    try:
        parsed = parse_formula(formula)
    except MalformedFormula as refusal:
        yield FormFault(place, lazy_("The formula cannot be read."), str(refusal))
        return
    for name in parsed.names:
        if name not in names:
            yield FormFault(place, lazy_("The formula counts with “%(name)s”, which nobody answers.", name=name),
                            choose(known for known, is_number in names.items() if is_number))  # fmt: skip
        elif not names[name]:
            yield FormFault(place, lazy_("“%(name)s” is no number.", name=name),
                            choose(known for known, is_number in names.items() if is_number))  # fmt: skip


def numbers_of(form: Form) -> dict[str, bool]:
    """The tags of a form, each with whether a formula can count with it."""
    return {tag: any(_counts(column or question) for question, column in places) for tag, places in form.by_tag.items()}


def _counts(question: Question) -> bool:
    return question.type in NUMERIC or question.has_rows or question.type is QuestionType.FILES


def column_faults(place: str, question: Question) -> FormFaults:
    """What is wrong with the formulas of a table's columns: they count with columns of the same row."""
    names = {column.key: column.type in NUMERIC for column in question.columns}
    for index, column in enumerate(question.questions):
        if column.formula is not None:
            yield from formula_faults(f"{place}.questions.{index}.formula", column.formula, names)
    waits = {column.key: names_in(column.formula) for column in question.columns}
    for path in circles(waits):
        words = lazy_("These columns wait for each other: %(path)s.", path=" → ".join(path))
        yield FormFault(f"{place}.questions", words, lazy_("Let one of them be typed."))
