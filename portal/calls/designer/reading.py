"""Reading what was typed in the form of a part: values as the document holds them, and what is wrong, by field."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.calls.designer.conditions import read_condition
from portal.calls.designer.documents import fresh_key
from portal.calls.designer.outlines import Corners, read_outline
from portal.calls.designer.places import Document, Place
from portal.calls.designer.references import choices_of
from portal.calls.designer.shapes import Kind, Shape, shapes_of
from portal.calls.rules.times import ClockLeaps, NoSuchTime, instant_of
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.instants import ROME
from portal.core.money import parse_amount
from portal.core.text import clean_line, clean_text
from portal.questionnaires.rules.design import Question, QuestionType
from portal.questionnaires.rules.reading import parse_answer

Typed = Mapping[str, Sequence[str]]
LONGEST_LINE, LONGEST_TEXT, MOST_ROWS, MOST_LINES = 300, 20_000, 60, 200
LANGUAGES = ("it", "en")
TEXT = "text"
"""The name of the only field of a text that is a place by itself."""
WHOLE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(\.[0-9]{3}){1,2}")
DEGREES = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,12})?")
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M")
DAYS = ("%Y-%m-%d", "%d/%m/%Y")
ALWAYS_CHOSEN = frozenset({"zones", "all_kinds"})
NUMBER = Question("number", QuestionType.NUMBER, {}, decimals=6, minimum=Decimal(-1))
WRITE_SOMETHING = lazy_("Write something here.")


class _Wrong(Exception):
    """What is wrong with one field."""

    def __init__(self, words: object) -> None:
        super().__init__(words)
        self.words = words


@dataclass
class Reading:
    """Values by field as the document holds them (None: absent), and messages by the name of their control."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a field is typed: the design, the place of its part, what the part said before."""

    document: Document
    place: Place
    says: Mapping[str, Any]


def read_fields(shapes: Sequence[Shape], typed: Typed, around: Around, prefix: str = "") -> Reading:
    """Read fields of a part; what cannot be read is told and left out."""
    reading = Reading()
    for shape in shapes:
        name = f"{prefix}{shape.name}"
        try:
            if shape.kind is Kind.ROWS:
                reading.values[shape.name] = _rows(shape, typed, name, around, reading)
            else:
                value = READERS[shape.kind](shape, typed, name, around)
                reading.values[shape.name] = _as_it_was(shape, value, around.says)
        except _Wrong as wrong:
            reading.errors[name] = wrong.words
        except Invalid as wrong:
            reading.errors[name] = wrong.message
    return reading


def _as_it_was(shape: Shape, value: Any, says: Mapping[str, Any]) -> Any:
    """An amount that did not change keeps the digits it was written with."""
    before = says.get(shape.name)
    if value is None or before is None or shape.kind not in (Kind.MONEY, Kind.NUMBER):
        return value
    return before if Decimal(value) == Decimal(before) else value


def read_text(typed: Typed) -> dict[str, str]:
    """A text that is a place by itself, in both languages."""
    return {language: _written(typed, f"{TEXT}-{language}") for language in LANGUAGES}


def _first(typed: Typed, name: str) -> str:
    given = typed.get(name) or [""]
    return given[0]


def _written(typed: Typed, name: str, most: int = LONGEST_TEXT) -> str:
    text = clean_text(_first(typed, name))
    if len(text) > most:
        raise _Wrong(lazy_("Write at most %(most)s characters.", most=most))
    return text


def _line(shape: Shape, typed: Typed, name: str, _around: Around) -> str | None:
    text = _written(typed, name) if shape.is_long else clean_line(_written(typed, name, LONGEST_LINE))
    return text or (None if shape.is_optional else "")


def _text(shape: Shape, typed: Typed, name: str, _around: Around) -> dict[str, str] | None:
    text = {language: _written(typed, f"{name}-{language}") for language in LANGUAGES}
    return text if any(text.values()) or not shape.is_optional else None


def _yes_no(_shape: Shape, typed: Typed, name: str, _around: Around) -> bool:
    return bool(_first(typed, name))


def _if_any(read: Callable[[str], Any], missing: object) -> Callable[[Shape, Typed, str, Around], Any]:
    """A reader of one line that leaves an optional field absent when nothing is typed."""

    def reader(shape: Shape, typed: Typed, name: str, _around: Around) -> Any:
        line = clean_line(_first(typed, name))[:LONGEST_LINE]
        if line:
            return read(line)
        if shape.is_optional:
            return None
        raise _Wrong(missing)

    return reader


def _whole(line: str) -> int:
    if not WHOLE.fullmatch(line):
        raise _Wrong(lazy_("This is not a whole number. Write it in digits, for example 1.250."))
    return int(line.replace(".", ""))


def _number(line: str) -> str:
    parsed = parse_answer(NUMBER, line.removesuffix("%").rstrip(), areas=())
    if parsed.fault is not None or parsed.value is None:
        raise _Wrong(parsed.fault or WRITE_SOMETHING)
    return str(parsed.value)


def _money(line: str) -> str:
    cents = parse_amount(line)
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def _degrees(line: str) -> float:
    if not DEGREES.fullmatch(line):
        raise _Wrong(lazy_("Write degrees with decimals, for example 45,0703."))
    return float(line.replace(",", "."))


def _stamp(line: str, forms: Sequence[str]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(line, form)  # noqa: DTZ007 (wall time; the zone stands beside it)
        except ValueError:
            continue
    return None


def _day(line: str) -> str:
    found = _stamp(line, DAYS)
    if found is None or found.year < 1900:
        raise _Wrong(lazy_("This is not a day. Write it as 31/12/2026."))
    return date(found.year, found.month, found.day).isoformat()


def _moment(_shape: Shape, typed: Typed, name: str, around: Around) -> str:
    wall = _stamp(clean_line(_first(typed, name)), MOMENTS)
    if wall is None or not 2000 <= wall.year < 2200:
        raise _Wrong(lazy_("Write the day and the hour, for example 31/12/2026 12:00."))
    zone = zone_of(around, typed)
    try:
        instant_of(wall, zone)
    except ClockLeaps as error:
        shown = f"{wall:%d/%m/%Y %H:%M}"
        if error.comes_twice:
            raise _Wrong(lazy_("%(wall)s comes twice in %(zone)s, as clocks go back. Choose another hour.",
                               wall=shown, zone=zone)) from error  # fmt: skip
        raise _Wrong(lazy_("%(wall)s does not exist in %(zone)s, as clocks go forward. Choose another hour.",
                           wall=shown, zone=zone)) from error  # fmt: skip
    except NoSuchTime as error:
        raise _Wrong(lazy_("“%(zone)s” is not a zone.", zone=zone)) from error
    return wall.isoformat()


def zone_of(around: Around, typed: Typed | None = None) -> str:
    """The zone in which a moment of this place is told: what is being typed, else that of its phase, else Rome's."""
    if typed and (chosen := _first(typed, "zone")):
        return chosen
    if around.place[:1] == ("phases",) and len(around.place) > 1:
        zone: str = around.document["phases"][around.place[1]].get("zone") or ROME
        return zone
    return ROME


def _one(shape: Shape, typed: Typed, name: str, around: Around) -> str | None:
    chosen = _first(typed, name)
    if not chosen:
        if shape.is_optional:
            return None
        if shape.item is None and shape.source not in ALWAYS_CHOSEN:
            return ""
        raise _Wrong(lazy_("Choose one."))
    return _known(shape, chosen, around)


def _known(shape: Shape, chosen: str, around: Around) -> str:
    """A choice that is offered, or that the part already held."""
    if shape.item:
        offered = [each.value for each in shape.item]
    else:
        offered = [key for key, _words in choices_of(shape, around.document, around.place)]
    before = around.says.get(shape.name)
    if chosen not in offered and chosen not in (before if isinstance(before, list) else [before]):
        raise _Wrong(lazy_("Choose one of those that are offered."))
    return chosen


def _several(shape: Shape, typed: Typed, name: str, around: Around) -> list[str] | None:
    chosen = [_known(shape, each, around) for each in dict.fromkeys(typed.get(name) or []) if each]
    return chosen or ([] if not shape.is_optional else None)


def _lines(shape: Shape, typed: Typed, name: str, _around: Around) -> list[str] | None:
    lines = [clean_line(line)[:LONGEST_LINE] for line in _written(typed, name).splitlines()][:MOST_LINES]
    found = [line for line in lines if line]
    return found or ([] if not shape.is_optional else None)


def _outline(_shape: Shape, typed: Typed, name: str, _around: Around) -> Corners | None:
    return read_outline(_written(typed, name))


def _condition(shape: Shape, typed: Typed, name: str, _around: Around) -> dict[str, Any] | None:
    says, wrong = read_condition(typed, name)
    if wrong is not None:
        raise _Wrong(wrong)
    return says if says is not None or shape.is_optional else {}


def _rows(shape: Shape, typed: Typed, name: str, around: Around, reading: Reading) -> list[dict[str, Any]] | None:
    """Rows that say something, in order; a key that is left blank is made up from the words of its row."""
    columns, rows = shapes_of(shape.item), []
    for index in range(MOST_ROWS):
        prefix = f"{name}-{index}-"
        if not _says_something(columns, typed, prefix):
            continue
        row = read_fields(columns, typed, around, prefix)
        reading.errors.update(row.errors)
        rows.append({key: value for key, value in row.values.items() if value is not None})
    for row_said in rows:
        if row_said.get("key") == "":
            row_said["key"] = key_from(row_said, {each.get("key", "") for each in rows})
    return rows or ([] if not shape.is_optional else None)


def _says_something(columns: Sequence[Shape], typed: Typed, prefix: str) -> bool:
    """Whether a row was filled in: a choice that stands there by itself is not enough, except alone."""
    loud = [each for each in columns if each.kind is not Kind.YES_NO]
    names = [f"{prefix}{each.name}{ending}" for each in loud for ending in ("", "-it", "-en")]
    return any(clean_line(_first(typed, name)) for name in names)


def key_from(says: Mapping[str, Any], taken: set[str]) -> str:
    """A key made of the words of a part, or numbered where it has none."""
    words = says.get("label") or says.get("name") or {}
    text = (words.get("it") or words.get("en") or "") if isinstance(words, dict) else ""
    bare = unicodedata.normalize("NFKD", clean_line(text).casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:40]
    if plain[:1].isalpha() and plain not in taken:
        return plain
    return fresh_key(plain if plain[:1].isalpha() else "option", taken)


READERS: dict[Kind, Callable[[Shape, Typed, str, Around], Any]] = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.YES_NO: _yes_no,
    Kind.WHOLE: _if_any(_whole, lazy_("Write a whole number.")),
    Kind.NUMBER: _if_any(_number, lazy_("Write a number.")),
    Kind.MONEY: _if_any(_money, lazy_("Write an amount in euro.")),
    Kind.DEGREES: _if_any(_degrees, lazy_("Write degrees with decimals, for example 45,0703.")),
    Kind.DAY: _if_any(_day, lazy_("Write the day.")),
    Kind.MOMENT: _moment,
    Kind.ONE: _one,
    Kind.SEVERAL: _several,
    Kind.LINES: _lines,
    Kind.OUTLINE: _outline,
    Kind.CONDITION: _condition,
}
