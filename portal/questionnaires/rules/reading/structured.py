"""Reading answers of several parts: options, rows, an address, a place, files."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from portal.core.i18n import lazy_
from portal.core.municipalities import municipalities_named
from portal.core.text import clean_line, clean_text, is_blank, is_storable
from portal.questionnaires.rules.design import Question, QuestionType, Typed
from portal.questionnaires.rules.reading.parsed import UNFIT, UNSTORABLE, Parsed
from portal.questionnaires.rules.reading.simple import read_simple

ADDRESS_PARTS = ("street", "number", "postcode", "municipality")
PLACE_PARTS = ("lat", "lon")
_POSTCODE = re.compile(r"[0-9]{5}")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,15})?")
_BOUNDS = {"lat": 90, "lon": 180}
Row = Mapping[str, str]


def read_choices(question: Question, typed: Typed) -> Parsed:
    """The keys of the options chosen, in the order in which the question offers them, each once."""
    chosen = {clean_line(str(key)) for key in typed if not is_blank(str(key))}
    offered = [option.key for option in question.options]
    if not chosen:
        return Parsed()
    if not chosen <= set(offered):
        return Parsed(fault=lazy_("Choose among the answers in the list."))
    return Parsed([key for key in offered if key in chosen])


def read_rows(question: Question, typed: Typed, areas: Collection[str]) -> Parsed:
    """Rows in which something was typed, each {column key: value}; what could not be read is kept by row and column."""
    rows: list[dict[str, Any]] = []
    wrong: dict[str, dict[str, str]] = {}
    for given in typed:
        row, faulty = _row(question, given if isinstance(given, Mapping) else {}, areas)
        if faulty:
            wrong[str(len(rows))] = faulty
        if row or faulty:
            rows.append(row)
    if not wrong:
        return Parsed(rows or None)
    return Parsed(rows, fault=lazy_("Some cells cannot be read. Mend those marked."), cells=wrong)


def _row(question: Question, given: Row, areas: Collection[str]) -> tuple[dict[str, Any], dict[str, str]]:
    row: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column in question.columns:
        if column.is_computed:
            continue
        text = given.get(column.key)
        parsed = read_simple(column, text, areas)
        if parsed.fault is not None:
            wrong[column.key] = clean_text(text or "")
        elif parsed.value is not None:
            row[column.key] = parsed.value
    return row, wrong


def read_address(_question: Question, given: Row) -> Parsed:
    """Street, number (may be empty), postcode of five digits, and the ISTAT code of the municipality."""
    parts = {name: clean_line(given.get(name, "")) for name in ADDRESS_PARTS}
    if not parts["street"]:
        return Parsed(fault=lazy_("Write the street, or the square, of the address."))
    if not _POSTCODE.fullmatch(parts["postcode"]):
        return Parsed(fault=lazy_("Write the postcode: five digits, for example 70121."))
    found = municipalities_named(parts["municipality"])
    if not found:
        return Parsed(fault=lazy_("This municipality is not in ISTAT's list. Write its Italian name, as in Bari (BA)."))
    if len(found) > 1:
        names = ", ".join(each.label for each in found)
        return Parsed(fault=lazy_("Two municipalities have this name. Write which one: %(names)s.", names=names))
    return Parsed(parts | {"municipality": found[0].istat})


def read_place(_question: Question, given: Row) -> Parsed:
    """A point: latitude and longitude in degrees, six decimals kept, with a dot or a comma."""
    point = {name: _degrees(given.get(name, ""), _BOUNDS[name]) for name in PLACE_PARTS}
    if None in point.values():
        return Parsed(
            fault=lazy_(
                "Put the point on the map, or write latitude and longitude in degrees, as in 41,1221 and 16,8569."
            )
        )
    return Parsed(point)


def _degrees(text: str, most: int) -> float | None:
    line = clean_line(text).replace("\N{MINUS SIGN}", "-")
    if not _DEGREES.fullmatch(line):
        return None
    value = float(line.replace(",", "."))
    return round(value, 6) + 0.0 if abs(value) <= most else None


def read_files(_question: Question, typed: Typed) -> Parsed:
    """Files that a room stored: id, name, media type and size in bytes of each, none twice."""
    files: dict[str, dict[str, Any]] = {}
    for given in typed:
        file = _file(given) if isinstance(given, Mapping) else None
        if file is None:
            return Parsed(fault=UNFIT)
        files[file["id"]] = file
    return Parsed(list(files.values()) or None)


def _file(given: Row) -> dict[str, Any] | None:
    size, name = str(given.get("size", "")), clean_line(str(given.get("name", "")))
    try:
        identity = str(UUID(str(given.get("id", ""))))
    except ValueError:
        return None
    if not name or not (size.isascii() and size.isdigit() and len(size) < 15):
        return None
    return {"id": identity, "name": name, "media_type": clean_line(str(given.get("media_type", ""))), "size": int(size)}


def is_empty(typed: Typed | None) -> bool:
    """Whether nothing visible was typed in any part."""
    match typed:
        case None:
            return True
        case str():
            return is_blank(typed)
        case list():
            return all(is_empty(each) for each in typed)
        case _:
            return all(is_blank(str(each)) for each in typed.values())


def is_kept_whole(typed: Typed) -> bool:
    """Whether every part of what was typed can be stored."""
    match typed:
        case str():
            return is_storable(typed)
        case list():
            return all(is_kept_whole(each) for each in typed)
        case _:
            return all(is_storable(str(each)) for each in typed.values())


Reader = Callable[[Question, Any], Parsed]
SHAPES: dict[QuestionType, tuple[type, Reader]] = {
    QuestionType.CHOICES: (list, read_choices),
    QuestionType.ADDRESS: (dict, read_address),
    QuestionType.PLACE: (dict, read_place),
    QuestionType.FILES: (list, read_files),
}


def read_structured(question: Question, typed: Typed | None, areas: Collection[str]) -> Parsed:
    """Read an answer of several parts; what has another shape than the type asks for does not fit."""
    if typed is None or is_empty(typed):
        return Parsed()
    if question.has_rows:
        return read_rows(question, typed, areas) if isinstance(typed, list) else Parsed(fault=UNFIT)
    shape, read = SHAPES[question.type]
    if not isinstance(typed, shape):
        return Parsed(fault=UNFIT)
    return read(question, typed) if is_kept_whole(typed) else Parsed(fault=UNSTORABLE)
