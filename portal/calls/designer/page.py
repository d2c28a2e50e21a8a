"""What the designer's page shows at a place: its form, the parts below, what is missing in each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.calls.describe import row_of
from portal.calls.designer.choices import words_of
from portal.calls.designer.documents import fingerprint
from portal.calls.designer.fields import FieldShown, fits
from portal.calls.designer.forms import PlaceForm, form_at
from portal.calls.designer.mending import Mend, mend_of
from portal.calls.designer.order import section_number, sections_to_go_to
from portal.calls.designer.outline import GENERAL, TEXT_LABELS, Line, label_of, outline, section_of
from portal.calls.designer.places import Document, NoSuchPlace, Place, read_place, spot_of, value_at, write_place
from portal.calls.designer.reading import LANGUAGES, TEXT
from portal.calls.designer.references import in_words
from portal.calls.designer.shapes import APART, Kind, Shape, shapes_of
from portal.calls.rules.validity import Fault, is_frozen
from portal.questionnaires.rules.design import IN_ROWS, Question, QuestionType

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One part of a list: its place, its words, the version that a move or a removal is of."""

    place: str
    label: str
    version: str
    faults: int
    is_first: bool = True
    is_last: bool = True
    others: tuple[tuple[str, str], ...] = ()
    """Of a question: the other sections that it may go to, by position and title."""


@dataclass(frozen=True, slots=True)
class PartsShown:
    """Parts below a place: a list that grows, one part that may be absent, or the texts of the page."""

    place: str
    label: str
    hint: str
    items: list[ItemShown]
    is_list: bool = False
    may_be_added: bool = False
    types: tuple[tuple[str, str], ...] = ()
    """What a new question may be."""
    is_frozen: bool = False
    """Whether it was fixed when the call opened."""


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Everything of the designer's page but the preview."""

    place: str
    title: str
    hint: str
    lines: list[Line]
    form: PlaceForm | None
    fields: list[FieldShown]
    parts: list[PartsShown]
    missing: Mapping[str, list[str]]
    faults: int
    item: ItemShown | None
    parent: tuple[str, str] | None
    errors: Mapping[str, object] = field(default_factory=dict)
    drawn_as: str = ""
    """The type for which the fields are drawn."""
    awaits_saving: bool = False
    """Whether parts of the type that is typed can be written only once it is saved."""
    mends: tuple[Mend, ...] = ()
    is_frozen: bool = False

    @property
    def seen(self) -> str:
        """The version of the form."""
        return self.form.seen if self.form else ""


def page_at(
    document: Document, place: Place, faults: Sequence[Fault], typed: Typed | None = None,
    errors: Mapping[str, object] | None = None, *, has_opened: bool = False,
) -> PlacePage:  # fmt: skip
    """The page of a place; once the call has opened, with what was fixed then. Raises NoSuchPlace."""
    if place[:1] != (GENERAL,) and not has_page(place):
        raise NoSuchPlace
    form = form_at(document, place)
    holder = form.holder if form else place
    places = [read_place(fault.place.replace(".", "/")) for fault in faults]
    wrong = errors or {}
    written = (form.typed if typed is None else typed) if form else {}
    fields = form.fields(written, wrong) if form else []
    if has_opened:
        fields = [replace(each, is_frozen=_is_frozen(holder, each)) for each in fields]
    return PlacePage(
        place=write_place(place),
        title=label_of(place, document),
        hint=_hint(place),
        lines=outline(document, place, faults),
        form=form,
        fields=fields,
        parts=[replace(each, is_frozen=has_opened and is_frozen(read_place(each.place)))
               for each in _parts(document, place, places)],
        missing=missing_in(form, holder, faults),
        faults=sum(1 for each in places if each[: len(holder)] == holder) if holder else 0,
        item=_item(document, place, places),
        parent=_parent(document, place),
        errors=wrong,
        drawn_as=form.kind(written) if form else "",
        awaits_saving=form.has_parts_only(written, _apart_of(form)) if form else False,
        mends=tuple(mend for each in faults if (mend := mend_of(each)) and mend.place == write_place(place)),
        is_frozen=has_opened and spot_is_frozen(place),
    )  # fmt: skip


def _is_frozen(holder: Place, shown: FieldShown) -> bool:
    """Whether a field was fixed when the call opened; texts may still be put in better words."""
    return shown.kind is not Kind.TEXT and is_frozen((*holder, shown.name))


def spot_is_frozen(place: Place) -> bool:
    """Whether a part, or a list of parts, was fixed when the call opened as a whole."""
    return place[:1] != (GENERAL,) and is_frozen(place)


def _apart_of(form: PlaceForm) -> list[Shape]:
    return [] if form.is_text else [shape for shape in shapes_of(form.owner) if shape.kind in APART]


def missing_in(form: PlaceForm | None, holder: Place, faults: Iterable[Fault]) -> dict[str, list[str]]:
    """What is missing in the fields of a form, by the name of the field; under "" what concerns the whole part.

    What one press mends is told apart, with its button.
    """
    found: dict[str, list[str]] = {}
    names = {shape.name for shape in form.shapes} if form else set()
    for fault in faults:
        place = read_place(fault.place.replace(".", "/"))
        if place[: len(holder)] != holder:
            continue
        if mend_of(fault):
            continue
        rest = place[len(holder) :]
        name = str(rest[0]) if rest and rest[0] in names else TEXT if form and form.is_text else ""
        if name or not rest:
            found.setdefault(name, []).append(fault_in_words(fault))
    return found


def fault_in_words(fault: Fault) -> str:
    """What is missing and how to mend it; what one press mends needs no more words."""
    return str(fault.words) if mend_of(fault) else f"{fault.words} {fault.mend}"


def control_of(document: Document, fault_place: str) -> tuple[str, str]:
    """Where a fault is mended: the place of the nearest form, and the id of the field there ("" for none)."""
    place = read_place(fault_place.replace(".", "/"))
    for length in range(len(place), 0, -1):
        head, rest = place[:length], place[length:]
        if not _is_there(document, head):
            continue
        form = form_at(document, head)
        if form is not None and form.is_text:
            return write_place(head), f"d-{TEXT}-{rest[0] if rest else LANGUAGES[0]}"
        names = {shape.name for shape in form.shapes} if form else set()
        if form is None or (rest and rest[0] not in names):
            return write_place(head), ""
        return write_place(head), _control(form, rest)
    section = section_of(place)
    if section is None:
        return "call/about", ""
    is_plain = any(shape.name == place[0] for shape in section.plain)
    form = form_at(document, section.place) if is_plain else None
    return write_place(section.place), _control(form, place) if form else ""


def has_page(place: Place) -> bool:
    """Whether the place is one with a page: a part, a list of parts, a text of the page."""
    spot = spot_of(place)
    return bool(place) and (spot.kind in APART or (spot.kind is Kind.TEXT and place[:1] == ("texts",)))


def _is_there(document: Document, place: Place) -> bool:
    """Whether the place has a page, and something stands there."""
    try:
        return has_page(place) and (spot_of(place).is_list or value_at(document, place) is not None)
    except NoSuchPlace:
        return False


def _control(form: PlaceForm, rest: Place) -> str:
    """The id of the control of a field, or of one of its rows or languages."""
    if not rest:
        return ""
    shape = next((each for each in form.shapes if each.name == rest[0]), None)
    if shape is None:
        return ""
    if shape.kind in (Kind.TEXT, Kind.ROWS) and len(rest) > 1:
        return "d-" + "-".join(str(part) for part in rest)
    return f"d-{shape.name}" + ("-it" if shape.kind is Kind.TEXT else "")


def _hint(place: Place) -> str:
    if place[:1] == (GENERAL,) or isinstance(place[-1], int):
        return ""
    shape = spot_of(place).shape
    return (
        "" if shape is None or (place[0] == "texts" and len(place) > 1) else str(row_of(shape.owner, shape.name).help)
    )


def _parts(document: Document, place: Place, faults: list[Place]) -> list[PartsShown]:
    if place[:1] == (GENERAL,):
        section = section_of(place)
        return [_shown(document, (shape.name,), shape, faults) for shape in (section.apart if section else ())]
    spot, value = spot_of(place), value_at(document, place)
    if spot.is_list or spot.kind is Kind.TEXTS or (spot.is_part and value is None):
        return [_shown(document, place, spot.shape, faults)] if spot.shape else []
    if not spot.is_part:
        return []
    shapes = [shape for shape in shapes_of(spot.part) if shape.kind in APART and fits(shape, value)]
    return [_shown(document, (*place, shape.name), shape, faults) for shape in shapes]


def _shown(document: Document, place: Place, shape: Shape, faults: list[Place]) -> PartsShown:
    row, value = row_of(shape.owner, shape.name), value_at(document, place)
    label, hint, at = str(row.label), str(row.help), write_place(place)
    if shape.kind is Kind.TEXTS:
        texts = [_entry((*place, key), str(TEXT_LABELS.get(key, key)), "", faults) for key in value]
        return PartsShown(at, label, hint, texts)
    if shape.kind is Kind.BLOCK:
        items = [_entry(place, label, fingerprint(value), faults)] if value is not None else []
        return PartsShown(at, label, hint, items, may_be_added=value is None)
    items = [each for n in range(len(value or [])) if (each := _item(document, (*place, n), faults))]
    return PartsShown(at, label, hint, items, is_list=True, may_be_added=True, types=_types(shape))


def _types(shape: Shape) -> tuple[tuple[str, str], ...]:
    if shape.item is not Question:
        return ()
    kinds = QuestionType if shape.owner is not Question else [kind for kind in QuestionType if kind in IN_ROWS]
    return tuple((kind.value, str(words_of(kind))) for kind in kinds)


def _entry(place: Place, label: str, version: str, faults: list[Place]) -> ItemShown:
    return ItemShown(write_place(place), label, version, sum(1 for each in faults if each[: len(place)] == place))


def _item(document: Document, place: Place, faults: list[Place]) -> ItemShown | None:
    """One item of a list, or an optional part: what may be moved or removed."""
    if place[:1] == (GENERAL,) or not place:
        return None
    spot, value = spot_of(place), value_at(document, place)
    if not spot.is_item:
        is_removable = spot.is_part and spot.may_be_absent and value is not None
        return _entry(place, label_of(place, document), fingerprint(value), faults) if is_removable else None
    number, last = int(place[-1]), len(value_at(document, place[:-1])) - 1
    label = in_words(value) or f"{label_of(place[:-1], document)} {number + 1}"
    found = _entry(place, label, fingerprint(value), faults)
    others = sections_to_go_to(document, place)
    is_first, is_last = number == 0, number == last
    if others:
        here = section_number(place)
        is_first, is_last = is_first and here < others[0][0], is_last and here > others[-1][0]
    titles = tuple((str(at), in_words(says) or str(at + 1)) for at, says in others)
    return ItemShown(found.place, label, found.version, found.faults, is_first, is_last, titles)


def _parent(document: Document, place: Place) -> tuple[str, str] | None:
    """Where one goes back to: the part or the list that holds this one, else its section."""
    if place[:1] == (GENERAL,) or not place:
        return None
    up = place[:-1]
    if not up:
        section = section_of(place)
        own = section is not None and section.place != place
        return (write_place(section.place), str(section.label)) if section and own else None
    return write_place(up), label_of(up, document)
