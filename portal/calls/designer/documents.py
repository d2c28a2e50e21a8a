"""Documents of designs: the same bytes for the same design, and a new design that is valid in its types."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from pydantic import ValidationError

from portal.access.rules import OrganisationKind
from portal.calls.callfile import design_from_json, design_to_json
from portal.calls.designer.growing import USUAL_WARNINGS, usual_dimensions
from portal.calls.designer.places import Document
from portal.calls.designer.shapes import Kind, Shape, shapes_of
from portal.calls.rules.design import (
    ApplicantRule,
    Batch,
    Criterion,
    Deadline,
    MaturityRules,
    PhaseDesign,
    TieBreak,
)
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import storable

TEXTS = ("who", "what", "how_assessed", "documents")
"""The texts that the page of a call shows."""
OPENS_AFTER, CLOSES_AFTER = timedelta(days=30), timedelta(days=90)
EMPTY_TEXT = {"it": "", "en": ""}


class NotADesign(Invalid):
    """What was typed does not fit the types of a design."""

    default = lazy_("A value here cannot be stored: check what is written in each field.")


def canonical(document: Document) -> Document:
    """The document in its one writing: every key, in the order of the schema. Raises NotADesign."""
    try:
        return design_to_json(design_from_json(document))
    except (ValidationError, RecursionError) as error:
        raise NotADesign from error


def fingerprint(value: Any) -> str:
    """Sixteen digits that change with the value: the version of a block that its reader saw."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def new_design(
    *, slug: str, title: dict[str, str], code: str, authority: str, officer: str, email: str, today: date
) -> Document:
    """A design with nothing but its name: valid in its types, with one phase, and a checklist of what is missing."""
    return canonical(
        {
            "slug": slug, "authority": {"code": code, "name": authority}, "title": title, "summary": EMPTY_TEXT,
            "texts": dict.fromkeys(TEXTS, EMPTY_TEXT), "action": "3.3.1", "officer": storable(officer),
            "office": EMPTY_TEXT, "email": email, "budget_lines": [], "applicants": [],
            "phases": [new_part(PhaseDesign, today=today, taken=())], "questionnaire": {"sections": []},
            "criteria": [], "minimum_total": "60", "tie_breaks": [{"by": "protocol"}], "milestones": [],
            "tranches": [], "coaching": {"allowance_minutes": 0},
        }
    )  # fmt: skip


def new_part(part: type, *, today: date, taken: Iterable[str]) -> dict[str, Any]:
    """A new part with sensible values: what must be there, and a key that nobody has."""
    made = {shape.name: _first(shape, today) for shape in shapes_of(part) if shape.is_needed}
    if "key" in made:
        made["key"] = fresh_key(_word(part), taken)
    made.update(_suggested(part, today))
    return made


def _suggested(part: type, today: date) -> dict[str, Any]:
    """What a person would choose first."""
    closes = _noon(today + CLOSES_AFTER)
    given: dict[type, dict[str, Any]] = {
        ApplicantRule: {"kind": OrganisationKind.LEGAL_ENTITY.value},
        Batch: {"closes": closes},
        Criterion: {"maximum": "10"},
        Deadline: {"closes": closes},
        PhaseDesign: {"opens": _noon(today + OPENS_AFTER), "deadlines": [{"closes": closes}]},
        MaturityRules: {"dimensions": usual_dimensions(), "warnings": dict(USUAL_WARNINGS)},
        TieBreak: {"by": "protocol"},
    }
    return given.get(part, {})


def _noon(day: date) -> str:
    return datetime.combine(day, time(12)).isoformat()


ZEROS = frozenset({Kind.WHOLE, Kind.NUMBER, Kind.MONEY, Kind.DEGREES})
PLAIN: dict[Kind, Any] = {Kind.TEXT: EMPTY_TEXT, Kind.YES_NO: False, Kind.LINE: "", Kind.CONDITION: {}, Kind.TEXTS: {}}


def _first(shape: Shape, today: date) -> Any:
    if shape.kind in ZEROS:
        return 0
    if shape.kind in PLAIN:
        return PLAIN[shape.kind]
    match shape.kind:
        case Kind.DAY:
            return today.isoformat()
        case Kind.MOMENT:
            return _noon(today)
        case Kind.ONE:
            return next(iter(shape.item)).value if shape.item else ""
        case Kind.BLOCK:
            return new_part(shape.item, today=today, taken=())
        case _:
            return []


def _word(part: type) -> str:
    """The word a key begins with: `criterion` for Criterion, `phase` for PhaseDesign."""
    name = part.__name__
    for ending in ("Design", "Template", "Rule", "Request"):
        name = name.removesuffix(ending)
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def fresh_key(word: str, taken: Iterable[str]) -> str:
    """A key that is not taken: `criterion_1`, `criterion_2`."""
    known = set(taken)
    return next(key for key in (f"{word[:56]}_{number}" for number in count(1)) if key not in known)
