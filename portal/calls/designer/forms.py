"""The form at a place: its fields, the version its reader saw, and what was typed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.calls.designer.documents import fingerprint
from portal.calls.designer.fields import (
    FieldShown,
    deciding_field,
    fits,
    shown_fields,
    typed_fields,
    typed_from,
    without_what_does_not_fit,
)
from portal.calls.designer.outline import GENERAL, TEXT_LABELS, section_of
from portal.calls.designer.places import Document, NoSuchPlace, Place, spot_of, value_at
from portal.calls.designer.reading import LANGUAGES, TEXT, Around, Reading, read_fields, read_text
from portal.calls.designer.shapes import Kind, Shape
from portal.calls.rules.design import CallDesign
from portal.core.i18n import lazy_

Typed = Mapping[str, Sequence[str]]
DRAWN_AS = "drawn_as"
"""The control that says for which type a form was drawn: the fields of others were not on the page."""


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """The form of one place. `holder` is the place of the part whose fields it shows: () for those of the call.

    `every` are the fields of the part, whatever its type; `shapes` those that fit it as it is stored.
    """

    place: Place
    holder: Place
    owner: Any
    every: tuple[Shape, ...]
    document: Document
    says: Mapping[str, Any]

    @property
    def is_text(self) -> bool:
        """Whether it is one text in both languages, which is a place by itself."""
        return self.owner is None

    @property
    def around(self) -> Around:
        """What its choices depend on."""
        return Around(self.document, self.holder, self.says)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The fields that fit the part as it is stored."""
        return self._fitting(str(self.says.get(self._decides, "")))

    @property
    def _decides(self) -> str:
        return "" if self.is_text else deciding_field(self.owner)

    def _fitting(self, kind: str) -> tuple[Shape, ...]:
        return tuple(shape for shape in self.every if fits(shape, {self._decides: kind}))

    def kind(self, typed: Typed, name: str = "") -> str:
        """The type of the part as it is typed, or as the form was drawn, else as stored; "" where none decides."""
        if not self._decides:
            return ""
        stored = str(self.says.get(self._decides, ""))
        known = {each.value for shape in self.every if shape.name == self._decides for each in shape.item}
        chosen = (typed.get(name or self._decides) or [stored])[0]
        return chosen if chosen in known else stored

    @property
    def seen(self) -> str:
        """The version of what it shows: the fields that are typed in it, not the parts below."""
        return fingerprint(
            dict(self.says) if self.is_text else {each.name: self.says.get(each.name) for each in self.every}
        )

    @property
    def typed(self) -> dict[str, list[str]]:
        """What its controls hold when nobody has typed."""
        if self.is_text:
            return {f"{TEXT}-{language}": [self.says.get(language, "")] for language in LANGUAGES}
        return typed_from(self.every, self.says)

    def read(self, typed: Typed) -> Reading:
        """What was typed, as the document holds it; whatever was not on the page, or fits no more, is not read."""
        if self.is_text:
            return Reading(dict(read_text(typed)))
        drawn, fitting = self._fitting(self.kind(typed, DRAWN_AS)), self._fitting(self.kind(typed))
        shapes = [shape for shape in drawn if shape in fitting and not shape.is_fixed]
        reading = read_fields(shapes, typed, self.around)
        reading.values = without_what_does_not_fit(self.owner, reading.values, self.says)
        return reading

    def fields(self, typed: Typed, errors: Mapping[str, object]) -> list[FieldShown]:
        """The fields to show, filled with what was typed."""
        if self.is_text:
            label, hint = TEXT_LABELS.get(str(self.place[-1]), self.place[-1]), lazy_("In Markdown; shown on the page.")
            texts = tuple((code, (typed.get(f"{TEXT}-{code}") or [""])[0]) for code in LANGUAGES)
            return [FieldShown(TEXT, Kind.TEXT, str(label), str(hint), languages=texts, is_long=True)]
        shapes, drawn = self._fitting(self.kind(typed)), self._fitting(self.kind(typed, DRAWN_AS))
        stored = typed_from([shape for shape in shapes if shape not in drawn], self.says)
        return shown_fields(shapes, {**stored, **typed}, self.around, errors)

    def changes_type(self, typed: Typed) -> bool:
        """Whether the type was changed since the form was drawn, so that other fields belong to it."""
        return self.kind(typed) != self.kind(typed, DRAWN_AS)

    def has_parts_only(self, typed: Typed, apart: Sequence[Shape]) -> bool:
        """Whether the type that is typed has parts, such as columns, that can be written once it is saved."""
        now, stored = {self._decides: self.kind(typed)}, {self._decides: self.says.get(self._decides)}
        return any(fits(shape, now) and not fits(shape, stored) for shape in apart)


def form_at(document: Document, place: Place) -> PlaceForm | None:
    """The form of a place; None where there is only a list. Raises NoSuchPlace."""
    if place[:1] == (GENERAL,) or not place:
        section = section_of(place)
        if section is None or not section.plain:
            raise NoSuchPlace
        return PlaceForm(place, (), CallDesign, section.plain, document, document)
    spot, says = spot_of(place), value_at(document, place)
    if spot.kind is Kind.TEXT and len(place) == 2 and says is not None:
        return PlaceForm(place, place, None, (), document, says)
    if not spot.is_part or says is None:
        return None
    return PlaceForm(place, place, spot.part, typed_fields(spot.part), document, says)


def version_of(document: Document, place: Place) -> str:
    """The version of a whole part, for moving and removing it."""
    return fingerprint(value_at(document, place))
