"""What is wrong with a form's design: every fault at once, with its place and its mend. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.core.i18n import in_language, lazy_
from portal.questionnaires.rules.conditions import circles, longest_wait, waits_of
from portal.questionnaires.rules.design import KEY, Form, Question, Section
from portal.questionnaires.rules.faults.conditions import condition_faults
from portal.questionnaires.rules.faults.fault import GIVE_EACH, WRITE_A_KEY, FormFault, FormFaults, twice
from portal.questionnaires.rules.faults.formulas import column_faults, formula_faults, numbers_of
from portal.questionnaires.rules.faults.questions import question_faults

__all__ = ["FormFault", "condition_faults", "form_faults", "formula_faults", "numbers_of"]
LONGEST_WAIT = 30
"""Questions that may stand one behind the other by their conditions."""


def form_faults(sections: list[Section], *, place: str = "questionnaire", areas: Collection[str] = ()) -> FormFaults:
    """Every fault of a form, in the order of its file.

    Keys, limits, options, columns, conditions, formulas, circles. Texts that lack a language are found by the room that
    reads the file. `areas` are the keys of the call's areas: with them a condition on an area is checked too.
    """
    form = Form(list(sections))
    yield from _keys(form, place)
    for number, section in enumerate(form.sections):
        within = f"{place}.sections.{number}"
        yield from condition_faults(f"{within}.when", section.when, form.by_key, areas)
        for index, question in enumerate(section.questions):
            yield from _question(form, f"{within}.questions.{index}", question, areas)
    yield from _circles(form, place)


def _keys(form: Form, place: str) -> FormFaults:
    for what, keys in (
        (f"{place}.sections", [section.key for section in form.sections]),
        (place, [question.key for question in form.questions]),
    ):
        for key in twice(keys):
            yield FormFault(what, lazy_("The key “%(key)s” stands twice.", key=key), GIVE_EACH)
    for number, section in enumerate(form.sections):
        if not KEY.fullmatch(section.key):
            yield FormFault(f"{place}.sections.{number}.key", lazy_("“%(key)s” cannot be a key.", key=section.key),
                            WRITE_A_KEY)  # fmt: skip


def _question(form: Form, place: str, question: Question, areas: Collection[str]) -> FormFaults:
    yield from question_faults(place, question)
    yield from condition_faults(f"{place}.when", question.when, form.by_key, areas)
    if question.formula is not None:
        yield from formula_faults(f"{place}.formula", question.formula, numbers_of(form))
    if question.has_rows:
        yield from column_faults(place, question)


def _circles(form: Form, place: str) -> FormFaults:
    waits = waits_of(form)
    found = circles(waits)
    for path in found:
        yield FormFault(
            _place_of(form, place, path[0]),
            lazy_("These questions wait for each other: %(path)s.", path=Path(form, tuple(path))),
            lazy_("Let one of them depend on nothing."),
        )
    if not found and longest_wait(waits) > LONGEST_WAIT:
        yield FormFault(place, lazy_("More than %(most)s questions wait one for the other.", most=LONGEST_WAIT),
                        lazy_("Let conditions name the first question directly."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Path:
    """Questions one after the other, by their labels in the reader's language."""

    form: Form
    keys: tuple[str, ...]

    def __str__(self) -> str:
        labels = [in_language(self.form.by_key[key].label) if key in self.form.by_key else key for key in self.keys]
        return " → ".join(f"“{label}” ({key})" for label, key in zip(labels, self.keys, strict=True))


def _place_of(form: Form, place: str, key: str) -> str:
    for number, section in enumerate(form.sections):
        for index, question in enumerate(section.questions):
            if question.key == key:
                part = "formula" if question.formula is not None and question.when is None else "when"
                return f"{place}.sections.{number}.questions.{index}.{part}"
    return place
