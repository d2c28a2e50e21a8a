"""What is wrong with one question by itself: fields that do not belong to its type, limits that contradict."""

from collections.abc import Iterator
from dataclasses import fields

from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import (
    CHOSEN,
    FILE_KINDS,
    IN_ROWS,
    KEY,
    LARGEST_MB,
    MOST_DECIMALS,
    MOST_FILES,
    MOST_KEPT,
    MOST_ROWS,
    NUMERIC,
    RESERVED_KEYS,
    ROWS,
    TAG,
    WRITTEN,
    Question,
    QuestionType,
)
from portal.questionnaires.rules.faults.fault import GIVE_EACH, WRITE_A_KEY, FormFault, FormFaults, choose, twice

MOST_COLUMNS = 20
MOST_OPTIONS = 200
BELONG_TO: dict[str, frozenset[QuestionType]] = {
    "options": CHOSEN,
    "max_chars": WRITTEN,
    "advised_chars": WRITTEN,
    "minimum": NUMERIC,
    "maximum": NUMERIC,
    "decimals": frozenset({QuestionType.NUMBER, QuestionType.PERCENTAGE}),
    "earliest": frozenset({QuestionType.DATE}),
    "latest": frozenset({QuestionType.DATE}),
    "min_choices": frozenset({QuestionType.CHOICES}),
    "max_choices": frozenset({QuestionType.CHOICES}),
    "questions": ROWS,
    "min_rows": ROWS,
    "max_rows": ROWS,
    "formula": NUMERIC,
    "total": NUMERIC,
    "holder": frozenset({QuestionType.FISCAL_CODE}),
    "inside_areas": frozenset({QuestionType.PLACE}),
    "accept": frozenset({QuestionType.FILES}),
    "max_mb": frozenset({QuestionType.FILES}),
    "max_files": frozenset({QuestionType.FILES}),
    "strip_metadata": frozenset({QuestionType.FILES}),
}
"""Which types each field belongs to; the fields that are not here belong to all."""
PAIRS = (
    ("minimum", "maximum"), ("earliest", "latest"), ("min_choices", "max_choices"), ("min_rows", "max_rows"),
    ("advised_chars", "max_chars"),
)  # fmt: skip
"""Limits of which the first must not be above the second."""
BOUNDS = {
    "max_chars": (1, MOST_KEPT), "advised_chars": (1, MOST_KEPT), "min_choices": (0, MOST_OPTIONS),
    "max_choices": (1, MOST_OPTIONS), "min_rows": (0, MOST_ROWS), "max_rows": (1, MOST_ROWS), "max_mb": (1, LARGEST_MB),
    "max_files": (1, MOST_FILES), "decimals": (0, MOST_DECIMALS),
}  # fmt: skip


def question_faults(place: str, question: Question, *, is_column: bool = False) -> FormFaults:
    """Everything wrong with a question that can be seen without the others; columns included."""
    yield from _names(place, question)
    yield from _belonging(place, question)
    yield from _limits(place, question)
    yield from _options(place, question)
    yield from _computed(place, question)
    if is_column:
        yield from _as_column(place, question)
    elif question.has_rows:
        yield from _rows(place, question)
    elif question.total and question.type in NUMERIC:
        yield FormFault(f"{place}.total", lazy_("Only a column has a total."), lazy_("Take it out."))


def _names(place: str, question: Question) -> FormFaults:
    if not KEY.fullmatch(question.key):
        yield FormFault(f"{place}.key", lazy_("“%(key)s” cannot be a key.", key=question.key),
                        WRITE_A_KEY)  # fmt: skip
    if question.key in RESERVED_KEYS:
        yield FormFault(f"{place}.key", lazy_("The portal uses “%(key)s” itself.", key=question.key),
                        lazy_("Choose another key."))  # fmt: skip
    if question.tag is not None and not TAG.fullmatch(question.tag):
        yield FormFault(f"{place}.tag", lazy_("“%(tag)s” cannot be a tag.", tag=question.tag),
                        lazy_("Write two to four words joined by dots, as in budget.total."))  # fmt: skip


def _belonging(place: str, question: Question) -> FormFaults:
    usual = {each.name: each for each in fields(Question)}
    for name, types in BELONG_TO.items():
        value = getattr(question, name)
        if value not in (None, [], usual[name].default) and question.type not in types:
            yield FormFault(f"{place}.{name}",
                            lazy_("A question of type %(type)s has no such limit.", type=question.type),
                            lazy_("Take it out, or choose another type: %(types)s.", types=_listed(types)))  # fmt: skip


def _listed(types: frozenset[QuestionType]) -> str:
    return ", ".join(sorted(types))


def _limits(place: str, question: Question) -> FormFaults:
    for name, (least, most) in BOUNDS.items():
        value = getattr(question, name)
        most = 2 if name == "decimals" and question.type is QuestionType.PERCENTAGE else most
        if value is not None and not least <= value <= most:
            yield FormFault(f"{place}.{name}", lazy_("%(value)s is out of bounds.", value=value),
                            lazy_("Write a number from %(least)s to %(most)s.", least=least, most=most))  # fmt: skip
    for lower, upper in PAIRS:
        one, other = getattr(question, lower), getattr(question, upper)
        if one is not None and other is not None and one > other:
            yield FormFault(f"{place}.{lower}", lazy_("%(one)s is above %(other)s: nothing could be answered.",
                                                      one=str(one), other=str(other)),
                            lazy_("Exchange them, or correct one."))  # fmt: skip
    for kind in sorted(set(question.accept) - FILE_KINDS):
        yield FormFault(f"{place}.accept", lazy_("“%(kinds)s” cannot be taken.", kinds=kind), choose(FILE_KINDS))


def _options(place: str, question: Question) -> FormFaults:
    if question.type not in CHOSEN:
        return
    keys = [option.key for option in question.options]
    if not 2 <= len(keys) <= MOST_OPTIONS:
        yield FormFault(f"{place}.options", lazy_("A choice needs from 2 to %(most)s options.", most=MOST_OPTIONS),
                        lazy_("Add what is missing, or ask in another way."))  # fmt: skip
    for key in twice(keys):
        yield FormFault(f"{place}.options", lazy_("The key “%(key)s” stands twice.", key=key),
                        GIVE_EACH)  # fmt: skip
    for index, key in enumerate(keys):
        if not KEY.fullmatch(key):
            yield FormFault(f"{place}.options.{index}.key", lazy_("“%(key)s” cannot be a key.", key=key),
                            WRITE_A_KEY)  # fmt: skip
    for name in ("min_choices", "max_choices"):
        if (getattr(question, name) or 0) > len(keys):
            yield FormFault(f"{place}.{name}", lazy_("There are only %(count)s options.", count=len(keys)),
                            lazy_("Write a smaller number."))  # fmt: skip


def _computed(place: str, question: Question) -> FormFaults:
    if question.is_computed and question.required:
        yield FormFault(f"{place}.required", lazy_("What is computed is never typed, and cannot be required."),
                        lazy_("Take one of the two out."))  # fmt: skip


def _as_column(place: str, column: Question) -> FormFaults:
    if column.type in ROWS:
        yield FormFault(f"{place}.type", lazy_("A table cannot stand inside a table."),
                        lazy_("Ask it in a question of its own."))  # fmt: skip
    elif column.type not in IN_ROWS:
        yield FormFault(f"{place}.type", lazy_("A column cannot have the type %(type)s.", type=column.type),
                        choose(IN_ROWS))  # fmt: skip
    for name in ("when", "page"):
        if getattr(column, name) is not None:
            yield FormFault(f"{place}.{name}", lazy_("A column has no condition and no page of its own."),
                            lazy_("Put it on the question."))  # fmt: skip


def _rows(place: str, question: Question) -> FormFaults:
    if not 1 <= len(question.columns) <= MOST_COLUMNS:
        yield FormFault(f"{place}.questions", lazy_("Rows need from 1 to %(most)s columns.", most=MOST_COLUMNS),
                        lazy_("Add what is missing, or ask in another way."))  # fmt: skip
    for key in twice(column.key for column in question.columns):
        yield FormFault(f"{place}.questions", lazy_("The key “%(key)s” stands twice.", key=key),
                        GIVE_EACH)  # fmt: skip
    for index, column in _declared(question):
        yield from question_faults(f"{place}.questions.{index}", column, is_column=True)


def _declared(question: Question) -> Iterator[tuple[int, Question]]:
    yield from enumerate(question.questions)
