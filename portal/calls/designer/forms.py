"""The form at a place: its fields, the version its reader saw, and what was typed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.calls.designer.documents import fingerprint
from portal.calls.designer.fields import (
    FieldShown,
    fields_for,
    shown_fields,
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


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """The form of one place. `holder` is the place of the part whose fields it shows: () for those of the call."""

    place: Place
    holder: Place
    owner: Any
    shapes: tuple[Shape, ...]
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
    def seen(self) -> str:
        """The version of what it shows: the fields that are typed in it, not the parts below."""
        return fingerprint(
            dict(self.says) if self.is_text else {each.name: self.says.get(each.name) for each in self.shapes}
        )

    @property
    def typed(self) -> dict[str, list[str]]:
        """What its controls hold when nobody has typed."""
        if self.is_text:
            return {f"{TEXT}-{language}": [self.says.get(language, "")] for language in LANGUAGES}
        return typed_from(self.shapes, self.says)

    def read(self, typed: Typed) -> Reading:
        """What was typed, as the document holds it."""
        if self.is_text:
            return Reading(dict(read_text(typed)))
        reading = read_fields([shape for shape in self.shapes if not shape.is_fixed], typed, self.around)
        reading.values = without_what_does_not_fit(self.owner, reading.values, self.says)
        return reading

    def fields(self, typed: Typed, errors: Mapping[str, object]) -> list[FieldShown]:
        """The fields to show, filled with what was typed."""
        if self.is_text:
            label, hint = TEXT_LABELS.get(str(self.place[-1]), self.place[-1]), lazy_("In Markdown; shown on the page.")
            texts = tuple((code, (typed.get(f"{TEXT}-{code}") or [""])[0]) for code in LANGUAGES)
            return [FieldShown(TEXT, Kind.TEXT, str(label), str(hint), languages=texts, is_long=True)]
        return shown_fields(self.shapes, typed, self.around, errors)


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
    return PlaceForm(place, place, spot.part, fields_for(spot.part, says), document, says)


def version_of(document: Document, place: Place) -> str:
    """The version of a whole part, for moving and removing it."""
    return fingerprint(value_at(document, place))
