"""What differs between two designs of a call: block by block, in words, with the labels of every key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.calls.callfile import design_to_json
from portal.calls.describe import row_of
from portal.calls.designer.fields import in_words
from portal.calls.designer.outline import TEXT_LABELS
from portal.calls.designer.places import Document, Place, write_place
from portal.calls.designer.reading import Around
from portal.calls.designer.references import in_words as name_of
from portal.calls.designer.shapes import Kind, Shape, shapes_of
from portal.calls.rules.design import CallDesign
from portal.core.i18n import lazy_

NAMES = ("key", "number", "kind", "closes", "by")
"""What tells the parts of a list apart: those with the same are one part that changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changed: its place, its name in words, what it was and what it became ("" where absent)."""

    place: str
    label: str
    before: str
    after: str


def differences(old: CallDesign, new: CallDesign) -> list[Difference]:
    """Every change, in the order of the call's file; parts of lists are matched by their keys."""
    before, after = design_to_json(old), design_to_json(new)
    return list(_Comparison(before, after).of(CallDesign, (), (), before, after))


@dataclass(frozen=True)
class _Comparison:
    before: Document
    after: Document

    def of(
        self, owner: Any, place: Place, labels: tuple[str, ...], was: dict[str, Any], becomes: dict[str, Any]
    ) -> Iterator[Difference]:
        for shape in shapes_of(owner):
            old, new = was.get(shape.name), becomes.get(shape.name)
            if old != new:
                label = str(row_of(owner, shape.name).label)
                yield from self._field(shape, (*place, shape.name), (*labels, label), old, new)

    def _field(self, shape: Shape, place: Place, labels: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
        match shape.kind:
            case Kind.BLOCK if old is not None and new is not None:
                yield from self.of(shape.item, place, labels, old, new)
            case Kind.BLOCK:
                yield self._whole(place, labels, old, new)
            case Kind.BLOCKS | Kind.ROWS:
                yield from self._list(shape, place, labels, old or [], new or [])
            case Kind.TEXTS:
                for key in dict.fromkeys([*old, *new]):
                    words = str(TEXT_LABELS.get(key, key))
                    yield from self._text((*place, key), (*labels, words), old.get(key) or {}, new.get(key) or {})
            case Kind.TEXT:
                yield from self._text(place, labels, old or {}, new or {})
            case _:
                yield self._made(
                    place, labels, self._words(shape, old, self.before), self._words(shape, new, self.after)
                )

    def _list(
        self, shape: Shape, place: Place, labels: tuple[str, ...], old: list[Any], new: list[Any]
    ) -> Iterator[Difference]:
        was, becomes = _by_name(old), _by_name(new)
        for name, (number, item) in becomes.items():
            label = (*labels[:-1], f"{labels[-1]}: {name_of(item) or number + 1}")
            if name in was:
                yield from self.of(shape.item, (*place, number), label, was[name][1], item)
            else:
                yield self._whole((*place, number), label, None, item)
        for name, (number, item) in was.items():
            if name not in becomes:
                label = (*labels[:-1], f"{labels[-1]}: {name_of(item) or number + 1}")
                yield self._whole((*place, number), label, item, None)
        kept = [name for name in was if name in becomes]
        if kept != (order := [name for name in becomes if name in was]):
            yield self._made(place, (*labels, str(lazy_("order"))), _listed(kept, was), _listed(order, becomes))

    def _text(
        self, place: Place, labels: tuple[str, ...], old: dict[str, str], new: dict[str, str]
    ) -> Iterator[Difference]:
        for language, name in (("it", lazy_("Italian")), ("en", lazy_("English"))):
            if old.get(language, "") != new.get(language, ""):
                label = (*labels[:-1], f"{labels[-1]} ({str(name).lower()})")
                yield self._made(place, label, old.get(language, ""), new.get(language, ""))

    def _words(self, shape: Shape, value: Any, document: Document) -> str:
        return in_words(shape, value, Around(document, (), {})) if value is not None else ""

    def _whole(self, place: Place, labels: tuple[str, ...], old: Any, new: Any) -> Difference:
        added, removed = str(lazy_("added")), str(lazy_("removed"))
        return self._made(place, labels, "" if old is None else removed, "" if new is None else added)

    def _made(self, place: Place, labels: tuple[str, ...], before: str, after: str) -> Difference:
        return Difference(write_place(place), " › ".join(labels), before, after)


def _by_name(items: list[dict[str, Any]]) -> dict[str, tuple[int, dict[str, Any]]]:
    """Parts by what tells them apart, each with its position; those that share a name by their position too."""
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, item in enumerate(items):
        name = next((str(item[key]) for key in NAMES if item.get(key)), str(number))
        found[name if name not in found else f"{name} {number}"] = (number, item)
    return found


def _listed(names: list[str], parts: dict[str, tuple[int, dict[str, Any]]]) -> str:
    return ", ".join(name_of(parts[name][1]) or name for name in names)
