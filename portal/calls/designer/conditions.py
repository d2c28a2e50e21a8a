"""Conditions as forms ask for them: a combinator and rows of comparisons; nested trees are written as YAML."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from portal.calls.designer.places import Document, Place
from portal.calls.designer.references import Choices, asked_at, named
from portal.calls.marks import NotACallFile, read_marked
from portal.core.i18n import lazy_
from portal.core.text import clean_line, clean_text
from portal.questionnaires.rules.design import Condition
from portal.questionnaires.rules.facts import FACTS

Typed = Mapping[str, Sequence[str]]
ADAPTER: TypeAdapter[Condition] = TypeAdapter(Condition)
MOST_COMPARISONS = 20
BLANK_ROWS = 1
LONGEST = 5_000
COMBINATORS: tuple[tuple[str, object], ...] = (
    ("always", lazy_("always")),
    ("all", lazy_("all of these hold")),
    ("any", lazy_("one of these holds at least")),
    ("none", lazy_("none of these holds")),
    ("written", lazy_("as written below (advanced)")),
)
COMPARISONS: tuple[tuple[str, object], ...] = (
    ("equals", lazy_("is")),
    ("differs", lazy_("is not")),
    ("in", lazy_("is one of (joined by commas)")),
    ("above", lazy_("is more than")),
    ("at_least", lazy_("is at least")),
    ("below", lazy_("is less than")),
    ("at_most", lazy_("is at most")),
    ("answered", lazy_("is answered")),
    ("unanswered", lazy_("is not answered")),
)
YES, NO = ("yes", "si", "sì", "true"), ("no", "false")


def subjects(document: Document, place: Place = ()) -> Choices:
    """What a comparison may look at: questions of the same form, then facts of the applicant."""
    asked = [(f"question:{key}", label) for key, label in named(document, "questions", asked_at(place))]
    return asked + [(f"fact:{name}", str(fact.label)) for name, fact in FACTS.items()]


def typed_of(says: Any) -> dict[str, list[str]]:
    """How a form shows a condition: `how`, rows `0-subject`, `0-compare`, `0-value`, and `yaml` where it is nested."""
    if not says:
        return {"how": ["always"]}
    how, rows = _flat(says)
    if rows is None:
        return {"how": ["written"], "yaml": [yaml.safe_dump(says, allow_unicode=True, sort_keys=False)]}
    typed = {"how": [how]}
    for index, row in enumerate(rows):
        subject = f"question:{row['question']}" if row.get("question") else f"fact:{row.get('fact', '')}"
        compare, value = next(((name, row[name]) for name, _ in COMPARISONS if name in row), ("equals", ""))
        if compare == "answered":
            compare, value = ("answered" if value else "unanswered"), ""
        typed |= {f"{index}-subject": [subject], f"{index}-compare": [compare], f"{index}-value": [_shown(value)]}
    return typed


def _flat(says: dict[str, Any]) -> tuple[str, list[dict[str, Any]] | None]:
    """The combinator and its comparisons; None where the tree is nested."""
    if not says.keys() & {"all", "any", "not"}:
        return "all", [says]
    how, rows = next(iter(says.items()))
    if how == "not":
        how, rows = "none", rows.get("any") if rows.keys() == {"any"} else [rows]
    is_flat = all(isinstance(row, dict) and not row.keys() & {"all", "any", "not"} for row in rows)
    return how, rows if is_flat else None


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_shown(each) for each in value)
        case float():
            return str(Decimal(str(value))).replace(".", ",")
        case _:
            return str(value)


def read_condition(typed: Typed, name: str) -> tuple[dict[str, Any] | None, object | None]:
    """The condition that was typed under a name, None for "always"; or what is wrong with it."""
    how = _one(typed, f"{name}-how") or "always"
    if how == "written":
        return _read_yaml(_one(typed, f"{name}-yaml"))
    if how == "always":
        return None, None
    rows = [row for index in range(MOST_COMPARISONS) if (row := _read_row(typed, f"{name}-{index}"))]
    if not rows:
        return None, lazy_("Choose at least one question or fact to compare, or “always”.")
    if how == "all":
        return (rows[0] if len(rows) == 1 else {"all": rows}), None
    return ({"any": rows} if how == "any" else {"not": {"any": rows}}), None


def _read_row(typed: Typed, name: str) -> dict[str, Any] | None:
    kind, _, subject = _one(typed, f"{name}-subject").partition(":")
    if kind not in ("question", "fact") or not subject:
        return None
    compare = _one(typed, f"{name}-compare") or "equals"
    if compare in ("answered", "unanswered"):
        return {kind: subject, "answered": compare == "answered"}
    text = clean_line(_one(typed, f"{name}-value"))
    if compare == "in":
        return {kind: subject, "in": [_value(each) for each in text.split(",") if each.strip()]}
    known = {each for each, _words in COMPARISONS}
    return {kind: subject, compare if compare in known else "equals": _value(text)}


def _value(text: str) -> bool | int | float | str:
    """A typed value: yes and no, numbers as written in Italy, days, else the word itself."""
    word = text.strip()[:300]
    if word.casefold() in YES + NO:
        return word.casefold() in YES
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        return _number(word)


def _number(word: str) -> int | float | str:
    plain = word.replace(".", "").replace(",", ".") if "," in word else word
    digits = plain.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        return word
    return float(plain) if "." in plain else int(plain)


def _read_yaml(text: str) -> tuple[dict[str, Any] | None, object | None]:
    wrong = lazy_("This cannot be read as a condition. Write for example: all: [{question: kind, equals: new}].")
    if len(text) > LONGEST:
        return None, lazy_("The condition is too long: write it in at most 5000 characters.")
    try:
        data, _marks = read_marked(clean_text(text))
        condition = ADAPTER.validate_python(data or {})
    except (NotACallFile, ValidationError, RecursionError):
        return None, wrong
    says: dict[str, Any] = ADAPTER.dump_python(condition, mode="json", by_alias=True, exclude_none=True)
    return says or None, None


def _one(typed: Typed, name: str) -> str:
    given = typed.get(name) or [""]
    return given[0]
