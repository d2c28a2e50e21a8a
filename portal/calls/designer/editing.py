"""Changing a design's document: save, add, duplicate, move, remove. Each change can be taken back to the byte.

A change names the smallest place that differs, with what stood there before and what stands there now. No operation
leaves a document whose types do not hold.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.calls.designer.documents import canonical, fresh_key, new_part
from portal.calls.designer.order import newly_looking_forward, section_number, sections_around, sent
from portal.calls.designer.places import Document, NoSuchPlace, Place, Spot, spot_of, value_at, with_value
from portal.calls.designer.references import User, left_hanging, parts_of
from portal.calls.designer.shapes import FIXED, Kind
from portal.calls.rules.design import CallDesign, PhaseDesign
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.questionnaires.rules.design import Question

MOST_PARTS = 500
"""Parts of one list."""


class EditKind(StrEnum):
    """What was done to a draft."""

    CREATED = "created"
    SAVED = "saved"
    ADDED = "added"
    DUPLICATED = "duplicated"
    MOVED = "moved"
    REMOVED = "removed"
    UNDONE = "undone"
    RESTORED = "restored"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Change:
    """What a change did: the document after it, the smallest place that differs, and where the reader goes next."""

    kind: EditKind
    document: Document
    place: Place
    before: Any
    after: Any
    goes_to: Place


class StillUsed(Conflict):
    """Something else names it; `users` says what."""

    def __init__(self, users: list[User]) -> None:
        super().__init__(lazy_("Something else in the call uses this. See where, and choose another there first."))
        self.users = users


class LooksForward(Conflict):
    """A condition would look at a question that is asked only after it; `users` says which conditions."""

    def __init__(self, users: list[User]) -> None:
        super().__init__(
            lazy_("Then a condition would look at a question that is asked only later. See which, and change it first.")
        )
        self.users = users


class TooMany(Invalid):
    """No list grows without end."""

    default = lazy_("There are too many of these already.")


class LastOne(Conflict):
    """A call has one phase at least, and a phase one deadline."""

    default = lazy_("A call needs one at least: change this one instead of removing it.")


def save(document: Document, place: Place, values: dict[str, Any]) -> Change:
    """Put fields of a part in place; parts of the part keep what they say. Raises StillUsed, NotADesign."""
    spot, old = spot_of(place), value_at(document, place)
    if old is None:
        raise NoSuchPlace
    if spot.kind is Kind.TEXT:
        return _changed(EditKind.SAVED, document, place, values, place)
    if not spot.is_part:
        raise NoSuchPlace
    owner = CallDesign if not place else spot.part
    taken = {name: value for name, value in values.items() if (owner, name) not in FIXED}
    new = {name: value for name, value in {**old, **taken}.items() if value is not None}
    return _changed(EditKind.SAVED, document, place, new, place)


def add(document: Document, place: Place, *, today: date, given: dict[str, Any] | None = None) -> Change:
    """A new part at the end of a list, or where an optional part was absent."""
    spot, old = spot_of(place), value_at(document, place)
    if spot.is_list:
        items = list(old or [])
        if len(items) >= MOST_PARTS:
            raise TooMany
        items.append({**new_part(spot.part, today=today, taken=_keys(document, spot)), **(given or {})})
        return _changed(EditKind.ADDED, document, place, items, (*place, len(items) - 1))
    if not spot.is_part or old is not None:
        raise NoSuchPlace
    made = {**new_part(spot.part, today=today, taken=_keys(document, spot)), **(given or {})}
    return _changed(EditKind.ADDED, document, place, made, place)


def duplicate(document: Document, place: Place) -> Change:
    """The same part once more, right after it, under keys of its own."""
    items, index = _list_around(document, place)
    if len(items) >= MOST_PARTS:
        raise TooMany
    every = {part.says["key"] for part in parts_of(document) if part.says.get("key")}
    copied = _with_fresh_keys(items[index], spot_of(place).part, every)
    return _changed(
        EditKind.DUPLICATED, document, place[:-1], [*items[: index + 1], copied, *items[index + 1 :]],
        (*place[:-1], index + 1),
    )  # fmt: skip


def move(document: Document, place: Place, step: int) -> Change:
    """One step up (-1) or down (1). At the end of its section a question goes on into the next one; at the end of any
    other list nothing changes. Raises LooksForward.
    """
    items, index = _list_around(document, place)
    step = 1 if step > 0 else -1
    goal, around = index + step, sections_around(place)
    if not 0 <= goal < len(items):
        to = section_number(place) + step if around is not None else -1
        if around is not None and 0 <= to < len(value_at(document, around)):
            return send(document, place, to, first=step > 0)
        goal = index
    moved = list(items)
    moved.insert(goal, moved.pop(index))
    return _moved(document, place[:-1], moved, (*place[:-1], goal))


def send(document: Document, place: Place, to: int, *, first: bool = False) -> Change:
    """A question into another section of its form, as the last one there. Raises LooksForward, TooMany."""
    _list_around(document, place)
    around = sections_around(place)
    if around is None:
        raise NoSuchPlace
    sections = value_at(document, around)
    if not 0 <= to < len(sections) or to == section_number(place):
        raise NoSuchPlace
    if len(sections[to]["questions"]) >= MOST_PARTS:
        raise TooMany
    moved, goal = sent(sections, place, to, first=first)
    return _moved(document, around, moved, (*around, to, "questions", goal))


def _moved(document: Document, place: Place, value: Any, goes_to: Place) -> Change:
    change = _changed(EditKind.MOVED, document, place, value, goes_to)
    if users := newly_looking_forward(document, change.document):
        raise LooksForward(users)
    return change


def remove(document: Document, place: Place) -> Change:
    """Take a part away. Raises StillUsed while something names it, LastOne where one is needed."""
    spot = spot_of(place)
    if spot.may_be_absent and value_at(document, place) is not None:
        return _changed(EditKind.REMOVED, document, place, None, place[:-1], removed=place)
    items, index = _list_around(document, place)
    if len(items) == 1 and _needs_one(place):
        raise LastOne
    rest = [*items[:index], *items[index + 1 :]]
    return _changed(EditKind.REMOVED, document, place[:-1], rest, place[:-1], removed=place)


def put_back(document: Document, place: Place, before: Any) -> Document:
    """The document as it was before a change; to the byte, since documents have one writing."""
    return canonical(with_value(document, place, before))


def _changed(
    kind: EditKind, document: Document, place: Place, value: Any, goes_to: Place, removed: Place = ()
) -> Change:  # fmt: skip
    """The change, in its one writing; refused where a name would be left hanging."""
    made = canonical(with_value(document, place, value))
    users = left_hanging(document, made, removed)
    if users:
        raise StillUsed(users)
    return Change(kind, made, place, value_at(document, place), value_at(made, place), goes_to)


def _list_around(document: Document, place: Place) -> tuple[list[Any], int]:
    spot = spot_of(place)
    if not spot.is_item or not isinstance(place[-1], int):
        raise NoSuchPlace
    value_at(document, place)
    return value_at(document, place[:-1]), place[-1]


def _needs_one(place: Place) -> bool:
    owner = spot_of(place[:-2]).part if len(place) > 2 else CallDesign
    return (owner, place[-2]) in ((CallDesign, "phases"), (PhaseDesign, "deadlines"))


def _keys(document: Document, spot: Spot) -> list[str]:
    """Every key of parts of this class: questions have one key in the whole form."""
    return [part.says["key"] for part in parts_of(document) if part.of is spot.part and part.says.get("key")]


def _with_fresh_keys(item: dict[str, Any], part: type, taken: set[str]) -> dict[str, Any]:
    """A copy under a key of its own; the tags of questions stay with the original, and so do their keys."""
    copied = deepcopy(item)
    if copied.get("key"):
        copied["key"] = fresh_key(copied["key"].rstrip("0123456789_") or "key", taken)
        taken.add(copied["key"])
    if part is Question:
        copied.pop("tag", None)
    if "questions" in copied and part is not Question:
        copied["questions"] = [_with_fresh_keys(each, Question, taken) for each in copied["questions"]]
    return copied
