"""What the designer's pages say of places, fields, faults and refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.calls.describe import row_of, words_of_place
from portal.calls.designer.editing import EditKind
from portal.calls.designer.fields import FieldShown
from portal.calls.designer.mending import Mend, mend_of
from portal.calls.designer.outline import SECTIONS, label_of, section_of
from portal.calls.designer.page import PlacePage, control_of, fault_in_words
from portal.calls.designer.places import Document, NoSuchPlace, read_place, spot_of, write_place
from portal.calls.designer.references import User
from portal.calls.designer.shapes import Kind
from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity import Fault
from portal.calls.rules.validity.asked import MEANINGS
from portal.core.i18n import lazy_

EDITS: Mapping[EditKind, object] = {
    EditKind.CREATED: lazy_("Draft begun"),
    EditKind.SAVED: lazy_("Changed"),
    EditKind.ADDED: lazy_("Added to"),
    EditKind.DUPLICATED: lazy_("Duplicated in"),
    EditKind.MOVED: lazy_("Moved in"),
    EditKind.REMOVED: lazy_("Removed from"),
    EditKind.UNDONE: lazy_("Taken back in"),
    EditKind.RESTORED: lazy_("An earlier state restored"),
    EditKind.IMPORTED: lazy_("Read from a file"),
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line of the checklist: what is missing, how to mend it, and where; `mend` where one press is enough."""

    label: str
    words: str
    place: str
    control: str
    mend: Mend | None = None


@dataclass(frozen=True, slots=True)
class SectionToDo:
    """One section of the checklist; without lines it is done."""

    label: str
    place: str
    lines: list[ToDo]


def checklist(document: Document, faults: Sequence[Fault]) -> list[SectionToDo]:
    """Everything missing before publication, by section in the order of the outline; done sections have no lines."""
    found: dict[str, list[ToDo]] = {section.key: [] for section in SECTIONS}
    for fault in faults:
        section = section_of(read_place(fault.place.replace(".", "/"))) or SECTIONS[0]
        place, control = control_of(document, fault.place)
        found[section.key].append(
            ToDo(label_in_words(document, fault.place), fault_in_words(fault), place, control, mend_of(fault))
        )
    return [SectionToDo(str(each.label), write_place(each.place), found[each.key]) for each in SECTIONS]


def label_in_words(document: Document, fault_place: str) -> str:
    """The name of what a fault is about: the part, then the field."""
    words: list[str] = []
    holder: object = CallDesign
    place = read_place(fault_place.replace(".", "/"))
    for length in range(1, len(place) + 1):
        part = place[length - 1]
        try:
            spot = spot_of(place[:length])
        except NoSuchPlace:
            break
        if isinstance(part, int):
            words = [label_of(place[:length], document)]
        elif place[0] == "texts" and length == 2:
            words = [label_of(place[:2], document)]
        elif isinstance(holder, type) and spot.shape is not None and spot.shape.name == part:
            words.append(str(row_of(holder, str(part)).label))
        holder = spot.part
    return ": ".join(words[-2:])


def lack_in_words(mend: Mend) -> str:
    """What a form does not ask, said to whoever adds the question."""
    return str(MEANINGS[mend.lacks].missing)


def place_in_words(place: str) -> str:
    """The names on the way to a place that may be gone by now; positions count from 1."""
    return " › ".join(str(each) for each in words_of_place(place.replace("/", ".")))


def place_of_user(user: User) -> str:
    """The page where a part that names something is edited."""
    place = user.place
    while place:
        spot = spot_of(place)
        if spot.is_part and (not spot.is_item or spot.shape is None or spot.shape.kind is Kind.BLOCKS):
            return write_place(place)
        place = place[:-1]
    section = section_of((user.field,))
    return write_place(section.place) if section else "call/about"


def user_in_words(document: Document, user: User) -> str:
    """Who names something: the part and the field."""
    return label_in_words(document, ".".join(str(part) for part in (*user.place, user.field)))


def field_in_words(field: FieldShown) -> str:
    """What a field holds, to be read."""
    options = dict(field.options)
    match field.kind:
        case Kind.TEXT:
            return " / ".join(text for _code, text in field.languages if text)
        case Kind.ONE | Kind.SEVERAL:
            return ", ".join(words for key, words in options.items() if key in field.chosen)
        case Kind.ROWS:
            rows = (", ".join(filter(None, (field_in_words(cell) for cell in row))) for row in field.rows)
            return "; ".join(filter(None, rows))
        case Kind.CONDITION:
            return field.condition.yaml or field.condition.how if field.condition else ""
        case Kind.YES_NO:
            return "✓" if field.text else ""
        case _:
            return field.text


def errors_by_control(shown: PlacePage) -> dict[str, str]:
    """The messages of a form by the id of the control that each is about."""
    labels = {field.name: field.label for field in shown.fields}
    return {f"d-{name}": f"{labels.get(name, name)}: {message}" for name, message in shown.errors.items()}
