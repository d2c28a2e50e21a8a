"""Deciding conditions: one pure function, the names a condition uses, and the circles of a form. Never raises.

An answer is compared in the units people write: euro, percentage points, plain numbers, days as 2026-12-31, options by
their key. Of several options `equals` asks whether the one is among them; of rows and files their number is compared.
A missing answer or fact makes every comparison false, `differs` as well; only `answered: false` is then true.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.questionnaires.rules.design import Condition, Form
from portal.questionnaires.rules.formulas import names_in

Comparable = bool | Decimal | str | frozenset[str]
"""An answer or a fact as conditions compare it."""
FactValue = bool | int | Decimal | str | None
Facts = Mapping[str, FactValue]
NO_FACTS: Facts = {}
Lookup = Callable[[str], Comparable | None]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "above": lambda value, bound: value > bound,
    "at_least": lambda value, bound: value >= bound,
    "below": lambda value, bound: value < bound,
    "at_most": lambda value, bound: value <= bound,
}


def holds(condition: Condition | None, answer: Lookup, facts: Facts = NO_FACTS) -> bool:
    """Whether a condition holds; no condition always does, a malformed one never. Never raises.

    `answer` gives the comparable answer to a question, None while it is missing or hidden.
    """
    if condition is None:
        return True
    if condition.all is not None:
        return bool(condition.all) and all(holds(part, answer, facts) for part in condition.all)
    if condition.any is not None:
        return any(holds(part, answer, facts) for part in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, answer, facts)
    return _compares(condition, answer, facts)


def _compares(condition: Condition, answer: Lookup, facts: Facts) -> bool:
    comparison = condition.comparison
    if comparison is None:
        return False
    how, wanted = comparison
    value = answer(condition.question) if condition.question else fact_value(facts.get(condition.fact or ""))
    if how == "answered":
        return (value is not None) is wanted
    if value is None:
        return False
    if how == "in_":
        return any(_equals(value, each) for each in wanted)
    if how in _ORDER:
        return _is_ordered(how, value, wanted)
    return _equals(value, wanted) is (how == "equals")


def _equals(value: Comparable, wanted: object) -> bool:
    match value:
        case bool():
            return value is wanted
        case Decimal():
            return value == number_of(wanted)
        case frozenset():
            return isinstance(wanted, str) and wanted in value
        case _:
            return isinstance(wanted, str) and value == wanted


def _is_ordered(how: str, value: Comparable, wanted: object) -> bool:
    if isinstance(value, Decimal):
        number = number_of(wanted)
        return number is not None and _ORDER[how](value, number)
    if isinstance(value, str) and isinstance(wanted, str) and _DAY.fullmatch(value) and _DAY.fullmatch(wanted):
        return _ORDER[how](value, wanted)
    return False


def number_of(raw: object) -> Decimal | None:
    """A finite number, whether written as a number or as text ("15.5"); None for everything else."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def fact_value(raw: FactValue) -> Comparable | None:
    """A fact as conditions compare it: numbers as Decimal, an empty word as missing."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, (int, Decimal)):
        return number_of(raw)
    return raw or None


def comparisons_in(condition: Condition | None) -> Iterator[Condition]:
    """Every comparison of a condition, in the order in which it is read."""
    if condition is None:
        return
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from comparisons_in(part)


def questions_in(condition: Condition | None) -> list[str]:
    """The keys of the questions a condition names, each once."""
    return list(dict.fromkeys(each.question for each in comparisons_in(condition) if each.question))


def facts_in(condition: Condition | None) -> list[str]:
    """The names of the facts a condition names, each once."""
    return list(dict.fromkeys(each.fact for each in comparisons_in(condition) if each.fact))


def waits_of(form: Form) -> dict[str, list[str]]:
    """For each question those it waits for: named by its condition or its section's, or tagged in its formula."""
    waits = {}
    for section in form.sections:
        shared = questions_in(section.when)
        for question in section.questions:
            named = [*shared, *questions_in(question.when), *_counted(form, question.formula)]
            waits[question.key] = list(dict.fromkeys(named))
    return waits


def _counted(form: Form, formula: str | None) -> Iterator[str]:
    for tag in names_in(formula):
        yield from (question.key for question, _column in form.by_tag.get(tag, ()))


Waits = Mapping[str, Iterable[str]]


def circles(waits: Waits) -> list[list[str]]:
    """Ways in which questions wait for each other, as paths that end where they began; empty when there is none."""
    return _walked(waits)[0]


def longest_wait(waits: Waits) -> int:
    """How many questions stand one behind the other at most, where nothing is circular."""
    return max(_walked(waits)[1].values(), default=0)


def _walked(waits: Waits) -> tuple[list[list[str]], dict[str, int]]:
    """Circles, and how many questions each one stands on, itself included. Walks the graph once, without recursion."""
    found: list[list[str]] = []
    heights: dict[str, int] = {}
    for start in waits:
        if start not in heights:
            _walk(start, waits, heights, found)
    return found, heights


def _walk(start: str, waits: Waits, heights: dict[str, int], found: list[list[str]]) -> None:
    path, walked, doors = [start], {start}, [iter(waits.get(start, ()))]
    while path:
        following = next(doors[-1], None)
        if following is None:
            done = path.pop()
            doors.pop()
            walked.discard(done)
            heights[done] = 1 + max((heights.get(each, 0) for each in waits.get(done, ())), default=0)
        elif following in walked:
            found.append([*path[path.index(following) :], following])
        elif following not in heights:
            path.append(following)
            walked.add(following)
            doors.append(iter(waits.get(following, ())))
