"""Places: paths into a design's document, what stands there by its type, and putting something else there."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from portal.calls.designer.shapes import Kind, Shape, shape_of
from portal.calls.rules.design import CallDesign
from portal.core.errors import NotFound

Document = dict[str, Any]
Place = tuple[str | int, ...]
DEEPEST = 12


class NoSuchPlace(NotFound):
    """The design has nothing there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at a place by its type: a part (`part`), a list of parts, a text or a single field."""

    place: Place
    kind: Kind
    part: Any
    shape: Shape | None
    is_item: bool = False

    @property
    def is_part(self) -> bool:
        """Whether it is one part, with a form of its own."""
        return self.kind is Kind.BLOCK

    @property
    def is_list(self) -> bool:
        """Whether it is a list of parts."""
        return self.kind is Kind.BLOCKS

    @property
    def may_be_absent(self) -> bool:
        """Whether it may be taken away and leave nothing."""
        return self.shape is not None and self.shape.is_optional and not self.is_item


ROOT = Spot((), Kind.BLOCK, CallDesign, None)


def read_place(text: str) -> Place:
    """A place as an address writes it: names and positions joined by slashes. Raises NoSuchPlace."""
    parts = [part for part in text.split("/") if part]
    if len(parts) > DEEPEST or len(text) > 200:
        raise NoSuchPlace
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 5 else part for part in parts)


def write_place(place: Place) -> str:
    """A place as an address writes it."""
    return "/".join(str(part) for part in place)


def spot_of(place: Place) -> Spot:
    """What stands at a place by its type. Raises NoSuchPlace."""
    spot = ROOT
    for part in place:
        spot = _step(spot, part)
    return spot


def _step(spot: Spot, part: str | int) -> Spot:
    here = (*spot.place, part)
    if spot.is_list and isinstance(part, int):
        return Spot(here, Kind.BLOCK, spot.part, spot.shape, is_item=True)
    if spot.kind is Kind.TEXTS and isinstance(part, str):
        return Spot(here, Kind.TEXT, None, spot.shape)
    shape = shape_of(spot.part, part) if spot.is_part and isinstance(part, str) else None
    if shape is None:
        raise NoSuchPlace
    return Spot(here, shape.kind, shape.item, shape)


def value_at(document: Document, place: Place) -> Any:
    """What the document holds at a place, None where a part is absent. Raises NoSuchPlace."""
    value: Any = document
    for part in place:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            raise NoSuchPlace
    return value


def with_value(document: Document, place: Place, value: Any) -> Document:
    """The document with something else at a place; the one that was given stays as it was."""
    if not place:
        found: Document = value
        return found
    changed = copy(document)
    holder: Any = changed
    for part in place[:-1]:
        holder[part] = copy(holder[part])
        holder = holder[part]
    holder[place[-1]] = value
    return changed
