"""The outline of a call: its sections in the order of an avviso, what stands in each, what is missing where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.calls.describe import row_of
from portal.calls.designer.documents import fingerprint
from portal.calls.designer.places import Document, Place, read_place, value_at, write_place
from portal.calls.designer.references import in_words
from portal.calls.designer.shapes import APART, Kind, Shape, shape_of, shapes_of
from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity import Fault
from portal.core.i18n import in_language, lazy_

GENERAL = "call"
"""Places that begin so are the forms of a section's own fields: `call/money`."""


@dataclass(frozen=True, slots=True)
class SectionOfCall:
    """One section: its key, its name, and the fields of the call that belong to it, in order."""

    key: str
    label: object
    names: tuple[str, ...]

    @property
    def plain(self) -> tuple[Shape, ...]:
        """The fields that are typed in the section's own form."""
        return tuple(shape for shape in self.shapes if shape.kind not in APART)

    @property
    def apart(self) -> tuple[Shape, ...]:
        """The parts that have places of their own."""
        return tuple(shape for shape in self.shapes if shape.kind in APART)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Every field of the section."""
        return tuple(shape for name in self.names if (shape := shape_of(CallDesign, name)) is not None)

    @property
    def place(self) -> Place:
        """Where its own form stands, else its first part."""
        return (GENERAL, self.key) if self.plain else (self.apart[0].name,)


SECTIONS = (
    SectionOfCall("about", lazy_("The call"), ("title", "summary", "slug", "action", "themes", "synthetic", "notes")),
    SectionOfCall("texts", lazy_("Texts of the page"), ("texts",)),
    SectionOfCall("who", lazy_("Who may apply"), ("applicants", "participation", "eligibility")),
    SectionOfCall("aims", lazy_("What it is for"), ("counting_mode", "marginality", "indicators")),
    SectionOfCall("places", lazy_("Where"), ("areas_required", "areas")),
    SectionOfCall("money", lazy_("Money"), ("aid_regime", "aid", "funds", "budget_lines", "own_share")),
    SectionOfCall("costs", lazy_("Costs"), ("costs", "reporting", "control")),
    SectionOfCall("steps", lazy_("Phases and dates"), ("flow", "phases")),
    SectionOfCall("form", lazy_("What is asked"), ("questionnaire", "documents_requested", "sending", "admission")),
    SectionOfCall(
        "choosing",
        lazy_("How it is assessed"),
        (
            "criteria", "minimum_total", "weights_sum", "cap", "rounding", "decimals", "evaluators_per_application",
            "evaluation", "tie_breaks",
        ),
    ),
    SectionOfCall(
        "granting",
        lazy_("Rankings and grants"),
        ("edge_rule", "allocation", "rankings", "agreement", "award", "changes"),
    ),
    SectionOfCall(
        "plan",
        lazy_("Plan of each project"),
        ("milestones", "tranches", "coaching", "maturity", "follow_up", "payments", "payment_days", "retention_years"),
    ),
    SectionOfCall("office", lazy_("Office and acts"), ("officer", "office", "email", "cup", "authority", "acts")),
)  # fmt: skip
BY_KEY = {section.key: section for section in SECTIONS}
OF_FIELD = {name: section for section in SECTIONS for name in section.names}
TEXT_LABELS: dict[str, object] = {
    "who": lazy_("Who may apply"),
    "what": lazy_("What it funds"),
    "how_assessed": lazy_("How it is assessed"),
    "documents": lazy_("Documents"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline: its place, its words, how many parts and faults it has, what stands below it."""

    place: str
    label: str
    count: int | None
    faults: int
    is_here: bool
    is_open: bool
    is_item: bool
    below: "tuple[Line, ...]" = ()
    version: str = ""
    """Of a part that may be moved: the version that is shown."""


def section_of(place: Place) -> SectionOfCall | None:
    """The section that a place belongs to."""
    if place[:1] == (GENERAL,):
        return BY_KEY.get(str(place[1])) if len(place) == 2 else None
    return OF_FIELD.get(str(place[0])) if place else None


def outline(document: Document, here: Place, faults: Iterable[Fault]) -> list[Line]:
    """Every section; below the one that is open its parts, down to the part that is being edited."""
    return list(_Outline(document, here, [read_place(fault.place.replace(".", "/")) for fault in faults]).sections())


@dataclass(frozen=True)
class _Outline:
    document: Document
    here: Place
    faults: list[Place]

    def sections(self) -> Iterator[Line]:
        current = section_of(self.here)
        for section in SECTIONS:
            is_open = section is current
            below = tuple(self._apart(shape) for shape in section.apart) if is_open else ()
            if is_open and not section.plain and len(below) == 1:
                below = below[0].below
            yield Line(
                write_place(section.place), str(section.label), None, self._missing(section),
                self.here == section.place, is_open, is_item=False, below=below,
            )  # fmt: skip

    def _missing(self, section: SectionOfCall) -> int:
        return sum(1 for fault in self.faults if fault and fault[0] in section.names)

    def _apart(self, shape: Shape, place: Place = ()) -> Line:
        here = (*place, shape.name)
        label = str(row_of(shape.owner, shape.name).label)
        value = value_at(self.document, here)
        below: tuple[Line, ...] = ()
        if shape.kind is Kind.TEXTS:
            below = tuple(self._text((*here, key), key) for key in value)
        elif shape.kind is Kind.BLOCKS and self._is_on_the_way(here, shape):
            below = tuple(self._item((*here, n), shape.item) for n in range(len(value or [])))
        elif value is not None and self._is_inside(here):
            below = self._within(here, shape.item)
        count = len(value or []) if shape.kind is Kind.BLOCKS else None
        return self._line(here, label, count, below)

    def _is_on_the_way(self, place: Place, shape: Shape) -> bool:
        """Lists of the call show their items; lists inside a part only while one is inside it."""
        return shape.owner is CallDesign or self._is_inside(place[:-1])

    def _is_inside(self, place: Place) -> bool:
        return self.here[: len(place)] == place

    def _item(self, place: Place, part: type) -> Line:
        below = self._within(place, part) if self._is_inside(place) else ()
        return self._line(place, label_of(place, self.document), None, below, is_item=True)

    def _within(self, place: Place, part: type) -> tuple[Line, ...]:
        """The parts of a part: what is there, not what could be."""
        found = [shape for shape in shapes_of(part) if shape.kind in APART]
        there = [shape for shape in found if value_at(self.document, (*place, shape.name))]
        return tuple(self._apart(shape, place) for shape in there)

    def _text(self, place: Place, key: str) -> Line:
        return self._line(place, str(TEXT_LABELS.get(key, key)), None, ())

    def _line(
        self, place: Place, label: str, count: int | None, below: tuple[Line, ...], *, is_item: bool = False
    ) -> Line:
        missing = sum(1 for fault in self.faults if fault[: len(place)] == place)
        version = fingerprint(value_at(self.document, place)) if is_item else ""
        return Line(
            write_place(place),
            label,
            count,
            missing,
            self.here == place,
            self._is_inside(place),
            is_item,
            below,
            version,
        )


def label_of(place: Place, document: Document) -> str:
    """What a place is called: the title of its page."""
    if place[:1] == (GENERAL,) or not place:
        section = section_of(place)
        return str(section.label) if section else ""
    if place[0] == "texts" and len(place) == 2:
        return str(TEXT_LABELS.get(str(place[1]), place[1]))
    if isinstance(place[-1], int):
        value = value_at(document, place)
        return in_words(value) or f"{label_of(place[:-1], document)} {place[-1] + 1}"
    return _name_of(place)


def _name_of(place: Place) -> str:
    owner: Any = CallDesign
    label = ""
    for part in place:
        shape = shape_of(owner, part) if isinstance(part, str) else None
        if shape is not None:
            label, owner = str(row_of(owner, shape.name).label), shape.item
    return label


def title_of(document: Document) -> str:
    """The title of the call, for heads of pages."""
    return in_language(document["title"]) or document["slug"]
