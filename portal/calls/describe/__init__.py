"""Every key of a call in words, once: the designer's forms, the JSON Schema and the checklist read them here."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

from portal.calls.describe import (
    acts,
    admission,
    agreement,
    aims,
    allocation,
    asking,
    call,
    changes,
    checks,
    control,
    costs,
    criteria,
    evaluation,
    money,
    paying,
    people,
    phases,
    plan,
    reporting,
    sending,
    standing,
)
from portal.calls.describe.row import Row
from portal.calls.filefaults import FILE_NAMES, dataclass_in
from portal.calls.rules import CallDesign

__all__ = ["DESCRIBED", "Row", "dataclasses_of_a_call", "described", "row_of", "words_of_place"]

PARTS = (
    acts, aims, money, people, asking, criteria, evaluation, allocation, phases, costs, plan, agreement,
    sending, admission, changes, checks, standing, paying, reporting, control, call,
)  # fmt: skip
DESCRIBED: dict[type, dict[str, Row]] = {holder: dict(rows) for part in PARTS for holder, rows in part.ROWS.items()}
"""By dataclass, then by field."""


def row_of(holder: type, name: str) -> Row:
    """Label and help of a field; KeyError for one that nobody described."""
    return DESCRIBED[holder][name]


def dataclasses_of_a_call(holder: Any = CallDesign) -> Iterator[type]:
    """Every dataclass that a call is made of, each once, the call first."""
    seen: list[type] = []
    waiting = [holder]
    while waiting:
        found = waiting.pop()
        if found in seen:
            continue
        seen.append(found)
        yield found
        inner = (dataclass_in(hint) for hint in get_type_hints(found).values())
        waiting.extend(each for each in inner if each is not None)


def words_of_place(place: str) -> list[object]:
    """The labels on the way to a place such as `criteria.0.threshold`; positions count from 1."""
    holder: Any = CallDesign
    words: list[object] = []
    for step in place.split("."):
        name = next((inner for inner, shown in FILE_NAMES.items() if shown == step), step)
        if step.isdigit() and words:
            words[-1] = f"{words[-1]} {int(step) + 1}"
        elif holder in DESCRIBED and name in DESCRIBED[holder]:
            words.append(DESCRIBED[holder][name].label)
            holder = dataclass_in(get_type_hints(holder)[name])
        else:
            words.append(step)
    return words


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema of a call with label and help of every key, in English."""
    parts = {"CallDesign": schema, **schema.get("$defs", {})}
    for holder, rows in DESCRIBED.items():
        properties = parts[holder.__name__]["properties"]
        for each in fields(holder):
            row = rows[each.name]
            shown = properties[FILE_NAMES.get(each.name, each.name)]
            shown["title"], shown["description"] = _plain(row.label), _plain(row.help)
    return schema


def _plain(words: Any) -> str:
    """The English sentence itself, whatever language is spoken around."""
    args: tuple[Any, ...] = getattr(words, "_args", ())
    return str(args[0]) if args else str(words)
