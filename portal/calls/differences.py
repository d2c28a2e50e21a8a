"""What differs between two states of a call: value by value, in words, with the labels of the designer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.calls.callfile import design_from_json, design_to_json
from portal.calls.describe import row_of
from portal.calls.designer.conditions import ADAPTER
from portal.calls.designer.fields import in_words
from portal.calls.designer.outline import TEXT_LABELS
from portal.calls.designer.places import Document, Place, write_place
from portal.calls.designer.reading import Around
from portal.calls.designer.references import in_words as name_of
from portal.calls.designer.shapes import Kind, Shape, shapes_of
from portal.calls.rules.design import CallDesign
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Question, condition_in_words

NAMES = ("key", "number", "kind", "closes", "by")
"""What tells the parts of a list apart: those with the same are one part that changed."""
ADDED, REMOVED = lazy_("added"), lazy_("removed")
LANGUAGES = (("it", lazy_("Italian")), ("en", lazy_("English")))


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed: its place, its path by the keys of the file, its label, before and after ("": absent)."""

    place: str
    path: str
    label: str
    before: str
    after: str


def differences(before: Document, after: Document) -> list[Difference]:
    """Every changed value, in the order of the call's file; parts of lists are matched by their keys."""
    old, new = design_from_json(before), design_from_json(after)
    was, becomes = design_to_json(old), design_to_json(new)
    if was == becomes:
        return []
    return list(_Comparison(_State(was, _asked(old)), _State(becomes, _asked(new))).of(_TOP, was, becomes))


def _asked(design: CallDesign) -> dict[str, Question]:
    sections = [*design.reporting.sections, *design.questionnaire.sections]
    return {question.key: question for section in sections for question in section.questions}


@dataclass(frozen=True, slots=True)
class _State:
    """One of the two: the document, and the questions that its conditions name."""

    document: Document
    questions: Mapping[str, Question]

    def words(self, shape: Shape, value: Any) -> str:
        """A value in words, "" where there is none."""
        if value is None:
            return ""
        if shape.kind is Kind.CONDITION:
            return str(condition_in_words(ADAPTER.validate_python(value), self.questions)) if value else ""
        return in_words(shape, value, Around(self.document, (), {}))


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a comparison stands: of which class, its place in the newer state, its path, the labels on the way."""

    owner: Any
    place: Place
    path: tuple[str, ...]
    labels: tuple[str, ...]

    def field(self, shape: Shape) -> "_Spot":
        label = str(row_of(shape.owner, shape.name).label)
        return _Spot(shape.item, (*self.place, shape.name), (*self.path, shape.name), (*self.labels, label))

    def item(self, number: int, name: str, says: dict[str, Any]) -> "_Spot":
        label = f"{self.labels[-1]}: {name_of(says) or number + 1}"
        return _Spot(self.owner, (*self.place, number), (*self.path, name), (*self.labels[:-1], label))

    def below(self, key: str, label: str) -> "_Spot":
        return _Spot(self.owner, (*self.place, key), (*self.path, key), (*self.labels, label))

    def made(self, before: str, after: str, *, path: str = "", qualified: str = "") -> Difference:
        labels = (*self.labels[:-1], f"{self.labels[-1]} ({qualified})") if qualified else self.labels
        where = ".".join((*self.path, path) if path else self.path)
        return Difference(write_place(self.place), where, " › ".join(labels), before, after)


_TOP = _Spot(CallDesign, (), (), ())


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: _State
    after: _State

    def of(self, spot: _Spot, was: dict[str, Any], becomes: dict[str, Any]) -> Iterator[Difference]:
        """What differs between two states of one part."""
        for shape in shapes_of(spot.owner):
            old, new = was.get(shape.name), becomes.get(shape.name)
            if old != new:
                yield from self._field(shape, spot.field(shape), old, new)

    def _field(self, shape: Shape, spot: _Spot, old: Any, new: Any) -> Iterator[Difference]:
        match shape.kind:
            case Kind.BLOCK:
                yield from self._part(spot, old, new)
            case Kind.BLOCKS | Kind.ROWS:
                yield from self._list(spot, old or [], new or [])
            case Kind.TEXTS:
                for key in dict.fromkeys([*(old or {}), *(new or {})]):
                    one = spot.below(key, str(TEXT_LABELS.get(key, key)))
                    yield from _text(one, (old or {}).get(key) or {}, (new or {}).get(key) or {})
            case Kind.TEXT:
                yield from _text(spot, old or {}, new or {})
            case _:
                before, after = self.before.words(shape, old), self.after.words(shape, new)
                if (old is not None and new is not None) or before != after:
                    yield spot.made(before, after)

    def _part(self, spot: _Spot, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[Difference]:
        """One part; of one that came or went everything it says, else the mere fact."""
        if old is not None and new is not None:
            yield from self.of(spot, old, new)
            return
        says = [each for each in self.of(spot, _spoken(old), _spoken(new)) if each.before or each.after]
        if says:
            yield from says
        else:
            yield spot.made("" if old is None else str(REMOVED), "" if new is None else str(ADDED))

    def _list(self, spot: _Spot, old: list[Any], new: list[Any]) -> Iterator[Difference]:
        was, becomes = _by_name(old), _by_name(new)
        for name, (number, item) in becomes.items():
            yield from self._part(spot.item(number, name, item), was[name][1] if name in was else None, item)
        for name, (number, item) in was.items():
            if name not in becomes:
                yield from self._part(spot.item(number, name, item), item, None)
        kept = [name for name in was if name in becomes]
        if kept != (order := [name for name in becomes if name in was]):
            yield spot.made(_listed(kept, was), _listed(order, becomes), path="order", qualified=str(lazy_("order")))


def _spoken(part: dict[str, Any] | None) -> dict[str, Any]:
    """What a part says by itself: whatever is merely not ticked counts for nothing."""
    return {name: value for name, value in (part or {}).items() if value is not False}


def _text(spot: _Spot, old: dict[str, str], new: dict[str, str]) -> Iterator[Difference]:
    for language, name in LANGUAGES:
        before, after = old.get(language, ""), new.get(language, "")
        if before != after:
            yield spot.made(before, after, path=language, qualified=str(name).lower())


def _by_name(items: list[dict[str, Any]]) -> dict[str, tuple[int, dict[str, Any]]]:
    """Parts by what tells them apart, each with its position; those that share a name by their position too."""
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, item in enumerate(items):
        name = next((str(item[key]) for key in NAMES if item.get(key)), str(number))
        found[name if name not in found else f"{name} {number}"] = (number, item)
    return found


def _listed(names: list[str], parts: dict[str, tuple[int, dict[str, Any]]]) -> str:
    return ", ".join(name_of(parts[name][1]) or name for name in names)
