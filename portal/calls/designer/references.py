"""What the parts of a design call each other by: the choices of a field, and who uses a key that would go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.access.labels import KINDS, LEGAL_FORMS
from portal.calls.designer.places import Document, Place
from portal.calls.designer.shapes import Kind, Shape, shapes_of
from portal.calls.rules.design import (
    ApplicantRule,
    Area,
    BudgetLine,
    CallDesign,
    CostOption,
    Criterion,
    Fund,
    MilestoneTemplate,
)
from portal.core.i18n import in_language
from portal.core.instants import ROME
from portal.questionnaires.rules.design import FILE_KINDS, Question
from portal.questionnaires.rules.formulas import MalformedFormula, parse_formula

Choices = list[tuple[str, str]]
ZONES = (ROME, "Europe/London", "Europe/Lisbon", "Europe/Athens", "UTC")
PROVIDERS: dict[type, tuple[tuple[str, str], ...]] = {
    ApplicantRule: (("kinds", "kind"),),
    Area: (("areas", "key"),),
    BudgetLine: (("lines", "key"),),
    CostOption: (("cost_options", "key"),),
    Criterion: (("criteria", "key"),),
    Fund: (("funds", "key"),),
    MilestoneTemplate: (("milestones", "key"),),
    Question: (("questions", "key"), ("tags", "tag")),
}
"""Which parts give which names, and in which field the name stands."""
OF_REPORTS: Place = ("reporting",)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document: where it stands, of what class it is, what it says."""

    place: Place
    of: type
    says: dict[str, Any]


@dataclass(frozen=True, slots=True)
class User:
    """A field that names something: where it stands, and what it names."""

    place: Place
    field: str
    source: str
    name: str


def parts_of(document: Document) -> Iterator[Part]:
    """Every part of a design, the design itself first, in the order of its file."""
    yield from _parts((), CallDesign, document)


def _parts(place: Place, of: type, says: Any) -> Iterator[Part]:
    if not isinstance(says, dict):
        return
    yield Part(place, of, says)
    for shape in shapes_of(of):
        value = says.get(shape.name)
        if shape.kind is Kind.BLOCK:
            yield from _parts((*place, shape.name), shape.item, value)
        elif shape.kind in (Kind.BLOCKS, Kind.ROWS) and isinstance(value, list):
            for index, item in enumerate(value):
                yield from _parts((*place, shape.name, index), shape.item, item)


def choices_of(shape: Shape, document: Document, place: Place) -> Choices:
    """What a field that names something may say, in words; `place` is that of the part it belongs to."""
    match shape.source:
        case "all_kinds":
            return [(kind.value, str(label)) for kind, label in KINDS.items()]
        case "legal_forms":
            return [(form.value, str(label)) for form, label in LEGAL_FORMS.items()]
        case "file_kinds":
            return [(kind, kind) for kind in sorted(FILE_KINDS)]
        case "zones":
            return [(zone, zone) for zone in ZONES]
        case "kinds":
            names = {kind.value: str(label) for kind, label in KINDS.items()}
            return [(key, names.get(key, key)) for key in dict(named(document, "kinds"))]
        case "criteria":
            return named(document, "criteria", _scope(place, document, "criteria"))
        case source:
            return named(document, source or "", asked_at(place))


def asked_at(place: Place) -> Place:
    """The form that a part belongs to, where it is not the applicants': what reports ask is known there alone."""
    return OF_REPORTS if place[:1] == OF_REPORTS else ()


def _scope(place: Place, document: Document, name: str) -> Place:
    """Where this part looks for its names: in its phase, where that has some of its own, else in the call."""
    if place[:1] == ("phases",) and place[2:3] == ("selection",):
        own = document["phases"][place[1]].get("selection") or {}
        if own.get(name) is not None:
            return place[:3]
    return ()


def named(document: Document, source: str, within: Place = ()) -> Choices:
    """Every name of one kind with its words, in the order of the design."""
    found: dict[str, str] = {}
    for part in parts_of(document):
        if part.place[: len(within)] != within or (not within and _is_apart(part.place, source)):
            continue
        for kind, field in PROVIDERS.get(part.of, ()):
            name = part.says.get(field)
            if kind == source and name and not _is_column(part.place):
                found.setdefault(name, in_words(part.says) or name)
    return list(found.items())


def _is_apart(place: Place, source: str) -> bool:
    """What the call itself does not name: criteria of a phase, what reports ask."""
    return "selection" in place if source == "criteria" else place[:1] == OF_REPORTS


def _is_column(place: Place) -> bool:
    return place.count("questions") > 1


def in_words(says: dict[str, Any]) -> str:
    """What a part is called: its name, title or label, else its number or its hour; "" where nobody named it yet."""
    for field in ("name", "title", "label", "text"):
        value = says.get(field)
        if isinstance(value, dict) and any(value.values()):
            return in_language(value)
        if isinstance(value, str) and value:
            return value
    closes = says.get("closes")
    return f"{datetime.fromisoformat(closes):%d/%m/%Y %H:%M}" if closes else str(says.get("number") or "")


def left_hanging(before: Document, after: Document, removed: Place = ()) -> list[User]:
    """Whatever in `after` names something that `before` had and `after` has no more, in the order of the design.

    Each is told where it stands in `before`; what stands at `removed` goes away itself.
    """
    gone = _names(before) - _names(after)
    hanging = {(user.source, user.name) for user in users_of(after)} & gone if gone else set()
    return [
        user for user in users_of(before)
        if (user.source, user.name) in hanging and not (removed and user.place[: len(removed)] == removed)
    ] if hanging else []  # fmt: skip


def _names(document: Document) -> set[tuple[str, str]]:
    names = set()
    for part in parts_of(document):
        is_column = _is_column(part.place)
        for source, field in PROVIDERS.get(part.of, ()):
            if name := part.says.get(field):
                names.add((f"{source}:{part.place[:-2]}" if is_column and field == "key" else source, name))
    return names


def users_of(document: Document) -> Iterator[User]:
    """Every field that names something by its key, its tag or its kind."""
    for part in parts_of(document):
        for shape in shapes_of(part.of):
            value = part.says.get(shape.name)
            if value is None:
                continue
            if shape.source is not None:
                for name in [value] if isinstance(value, str) else value:
                    yield User(part.place, shape.name, shape.source, name)
            elif shape.kind is Kind.CONDITION:
                yield from (User(part.place, shape.name, "questions", name) for name in names_asked(value))
            elif shape.name == "formula":
                yield from _counted(part, value)


def names_asked(condition: Any) -> Iterator[str]:
    """The questions a condition names, as its document says."""
    if not isinstance(condition, dict):
        return
    if condition.get("question"):
        yield condition["question"]
    branches: Iterable[Any] = [*(condition.get("all") or []), *(condition.get("any") or []), condition.get("not")]
    for branch in branches:
        yield from names_asked(branch)


def _counted(part: Part, formula: str) -> Iterator[User]:
    """The names a formula counts with: tags, and in a table the keys of its columns."""
    try:
        names = parse_formula(formula).names
    except MalformedFormula:
        return
    for name in names:
        yield User(part.place, "formula", "tags", name)
        if _is_column(part.place):
            yield User(part.place, "formula", f"questions:{part.place[:-2]}", name)
