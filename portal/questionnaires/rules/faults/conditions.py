"""What is wrong with a condition: its shape, what it names, and comparisons that make no sense for what it names."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.core.i18n import lazy_
from portal.questionnaires.rules.conditions import number_of
from portal.questionnaires.rules.design import BRANCHES, COMPARISONS, NUMERIC, Condition, Question, QuestionType
from portal.questionnaires.rules.facts import FACTS, FactType
from portal.questionnaires.rules.faults.fault import FormFault, FormFaults, choose

DEEPEST = 8
MOST_PARTS = 60
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SAME, ORDER = frozenset({"equals", "differs", "in_"}), frozenset({"above", "at_least", "below", "at_most"})


class Nature(StrEnum):
    """As what an answer is compared."""

    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"
    WORD = "word"
    PRESENCE = "presence"


NATURES: dict[QuestionType, Nature] = {
    QuestionType.DATE: Nature.DAY,
    QuestionType.YES_NO: Nature.YES_NO,
    QuestionType.DECLARATION: Nature.YES_NO,
    QuestionType.FILES: Nature.NUMBER,
    QuestionType.TABLE: Nature.NUMBER,
    QuestionType.PEOPLE: Nature.NUMBER,
    QuestionType.GROUP: Nature.NUMBER,
    QuestionType.PLACE: Nature.PRESENCE,
    QuestionType.LONG_TEXT: Nature.PRESENCE,
    **dict.fromkeys(NUMERIC, Nature.NUMBER),
}
"""Every other type is a word."""
FACT_NATURES = {FactType.NUMBER: Nature.NUMBER, FactType.YES_NO: Nature.YES_NO, FactType.WORD: Nature.WORD}
COMPARED_BY = {
    Nature.NUMBER: SAME | ORDER,
    Nature.DAY: SAME | ORDER,
    Nature.YES_NO: frozenset({"equals", "differs"}),
    Nature.WORD: SAME,
    Nature.PRESENCE: frozenset(),
}
WITH = {
    Nature.NUMBER: lazy_("Compare it with a number: euro, percentage points, or how many."),
    Nature.DAY: lazy_("Compare it with a day, as in 2026-12-31."),
    Nature.YES_NO: lazy_("Compare it with true or false."),
    Nature.WORD: lazy_("Compare it with a word."),
    Nature.PRESENCE: lazy_("Only ask whether it is answered."),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comparison is about: its nature, and the words it can be where these are known."""

    nature: Nature
    words: Collection[str] = ()


def condition_faults(
    place: str, condition: Condition | None, questions: Mapping[str, Question], areas: Collection[str] = ()
) -> FormFaults:
    """Everything wrong with one condition, each with its place below `place`; circles are found by `form_faults`.

    `questions` are those it may name, by key; `areas` the keys of the areas, where they are known.
    """
    if condition is None:
        return
    if _depth(condition) > DEEPEST or _size(condition) > MOST_PARTS:
        yield FormFault(place, lazy_("The condition is too long, or goes too deep."),
                        lazy_("Write it with %(parts)s parts at most, %(depth)s one inside the other.",
                              parts=MOST_PARTS, depth=DEEPEST))  # fmt: skip
        return
    yield from _below(place, condition, questions, areas)


def _below(place: str, condition: Condition, questions: Mapping[str, Question], areas: Collection[str]) -> FormFaults:
    given = condition.given
    branches = [name for name in given if name in BRANCHES]
    if len(branches) > 1 or (branches and len(given) > 1):
        yield FormFault(place, lazy_("Several conditions stand in one."),
                        lazy_("Write one of all, any, not or a comparison; join several with all or any."))  # fmt: skip
        return
    if not branches:
        yield from _comparison(place, condition, questions, areas)
        return
    name = branches[0]
    if not condition.parts:
        yield FormFault(f"{place}.{name}", lazy_("The list is empty."), lazy_("Write one condition at least."))
    for index, part in enumerate(condition.parts):
        within = f"{place}.not" if name == "not_" else f"{place}.{name}.{index}"
        yield from _below(within, part, questions, areas)


def _comparison(
    place: str, condition: Condition, questions: Mapping[str, Question], areas: Collection[str]
) -> FormFaults:
    given = [name for name in condition.given if name in COMPARISONS]
    if (condition.question is None) == (condition.fact is None) or len(given) != 1:
        yield FormFault(place, lazy_("The comparison is not complete, or there are several."),
                        lazy_("Name one question or one fact, and one comparison such as equals."))  # fmt: skip
        return
    if condition.question is not None and condition.question not in questions:
        yield FormFault(f"{place}.question", lazy_("No question has the key “%(key)s”.", key=condition.question),
                        lazy_("Ask it, or correct the condition."))  # fmt: skip
        return
    if condition.fact is not None and condition.fact not in FACTS:
        yield FormFault(f"{place}.fact", lazy_("Nobody knows the fact “%(fact)s”.", fact=condition.fact), choose(FACTS))
        return
    about = _subject(condition, questions, areas)
    how, wanted = given[0], getattr(condition, given[0])
    yield from _compared(f"{place}.{how.rstrip('_')}", about, how, wanted)


def _subject(condition: Condition, questions: Mapping[str, Question], areas: Collection[str]) -> Subject:
    if condition.question is None:
        fact = FACTS[condition.fact or ""]
        return Subject(FACT_NATURES[fact.type], list(fact.options))
    question = questions[condition.question]
    words = areas if question.type is QuestionType.AREA else [option.key for option in question.options]
    return Subject(NATURES.get(question.type, Nature.WORD), words)


def _compared(place: str, about: Subject, how: str, wanted: Any) -> FormFaults:
    if how == "answered":
        return
    if how not in COMPARED_BY[about.nature]:
        yield FormFault(place, lazy_("This comparison makes no sense for this answer."), WITH[about.nature])
        return
    for each in wanted if how == "in_" else [wanted]:
        yield from _comparand(place, about, each)
    if how == "in_" and not wanted:
        yield FormFault(place, lazy_("The list is empty."), WITH[about.nature])


def _comparand(place: str, about: Subject, wanted: Any) -> FormFaults:
    fits = {
        Nature.NUMBER: number_of(wanted) is not None,
        Nature.DAY: _is_day(wanted),
        Nature.YES_NO: isinstance(wanted, bool),
        Nature.WORD: isinstance(wanted, str),
    }
    if not fits[about.nature]:
        yield FormFault(
            place, lazy_("“%(value)s” is not what this is compared with.", value=wanted), WITH[about.nature]
        )
    elif about.nature is Nature.WORD and about.words and wanted not in about.words:
        yield FormFault(place, lazy_("“%(value)s” is no answer to this.", value=wanted), choose(about.words))


def _is_day(wanted: Any) -> bool:
    if not isinstance(wanted, str) or not _DAY.fullmatch(wanted):
        return False
    try:
        date.fromisoformat(wanted)
    except ValueError:
        return False
    return True


def _depth(condition: Condition) -> int:
    """Levels of a condition; counted only as far as it matters."""
    level, depth = [condition], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [part for each in level for part in each.parts]
    return depth


def _size(condition: Condition) -> int:
    waiting, size = [condition], 0
    while waiting and size <= MOST_PARTS:
        size += 1
        waiting += waiting.pop().parts
    return size
