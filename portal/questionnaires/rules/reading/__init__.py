"""Reading one answer: from what was typed to a value, or to what is wrong with it and its mend; and back. Pure."""

from collections.abc import Collection
from typing import Any

from portal.core.text import clean_text
from portal.questionnaires.rules.design import ROWS, Question, Typed
from portal.questionnaires.rules.reading.parsed import UNFIT, UNSTORABLE, Parsed
from portal.questionnaires.rules.reading.simple import NO, YES, read_simple
from portal.questionnaires.rules.reading.structured import ADDRESS_PARTS, PLACE_PARTS, SHAPES, is_empty, read_structured

__all__ = [
    "ADDRESS_PARTS",
    "NO",
    "PLACE_PARTS",
    "UNFIT",
    "UNSTORABLE",
    "YES",
    "Parsed",
    "is_empty",
    "parse_answer",
    "stored_answer",
]
STRUCTURED = frozenset(SHAPES) | ROWS


def parse_answer(question: Question, typed: Typed | None, *, areas: Collection[str]) -> Parsed:
    """Read what was typed. Empty, and a declaration not ticked, is neither a value nor a fault. Never raises.

    Over its limits an answer is still a value: it may be saved, not sent. `areas` are the keys of the target areas.
    """
    if question.type in STRUCTURED:
        return read_structured(question, typed, areas)
    if typed is not None and not isinstance(typed, str):
        return Parsed() if is_empty(typed) else Parsed(fault=UNFIT)
    return read_simple(question, typed, areas)


def stored_answer(question: Question, typed: Typed | None, *, areas: Collection[str]) -> dict[str, Any]:
    """What is kept of what was typed: {"value": …}.

    What could not be read is kept as it was typed: {"value": null, "typed": …, "fault": true}. Of rows the cells that
    could be read are in "value", the others in "typed" as {"<row>": {"<column>": text}}, rows counted from 0.
    """
    parsed = parse_answer(question, typed, areas=areas)
    if parsed.fault is None:
        return {"value": parsed.value}
    if parsed.cells is not None:
        return {"value": parsed.value, "typed": parsed.cells, "fault": True}
    return {"value": None, "typed": _cleaned(typed), "fault": True}


def _cleaned(typed: Any) -> Any:
    match typed:
        case list():
            return [_cleaned(each) for each in typed]
        case dict():
            return {clean_text(str(key)): clean_text(str(each)) for key, each in typed.items()}
        case _:
            return clean_text("" if typed is None else str(typed))
