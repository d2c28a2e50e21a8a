"""What a text of the library may say, and how its fields are filled: a value is text, never Markdown nor HTML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.grants.library.fields import FIELDS, TextKind

FIELD = re.compile(r"\{\{([^{}\n]*)\}\}")
BRACES = re.compile(r"\{\{|\}\}")
HEADING = re.compile(r"^ {0,3}#{1,6}(\s|$)|^ {0,3}(=+|-+)\s*$")
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
LONGEST_BODY, LONGEST_TITLE = 40_000, 200
STRAY = lazy_("A field is written between two pairs of braces on one line: {{ recipient }}.")
UNKNOWN_VALUE = "……………"
"""What stands where a value is not known: it is written in by hand."""
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|>"} | {"<": "&lt;", "&": "&amp;"})


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong with a text, and where: line and column count from 1."""

    line: int
    column: int
    words: object

    def __str__(self) -> str:
        said = lazy_(
            "Line %(line)d, column %(column)d: %(words)s", line=self.line, column=self.column, words=self.words
        )
        return str(said)


def faults_of(body: str, kind: TextKind) -> list[TextFault]:
    """Every fault of a text, in its order."""
    found: list[TextFault] = []
    for number, line in enumerate(body.split("\n"), start=1):
        found += _of_line(number, line, kind)
    if kind is TextKind.CLAUSE:
        found += _headings(body)
    return sorted(found, key=lambda each: (each.line, each.column))


def _of_line(number: int, line: str, kind: TextKind) -> Iterator[TextFault]:
    for match in FIELD.finditer(line):
        name, column = match[1].strip(), match.start() + 1
        if name not in FIELDS[kind]:
            yield TextFault(number, column, _unknown(name, kind))
        elif FIELDS[kind][name].is_table and line.strip() != match[0]:
            yield TextFault(number, column, lazy_("“%(name)s” is a table: leave it alone on its line.", name=name))
    for match in BRACES.finditer(FIELD.sub(lambda each: " " * len(each[0]), line)):
        yield TextFault(number, match.start() + 1, STRAY)


def _unknown(name: str, kind: TextKind) -> object:
    known = ", ".join(sorted(FIELDS[kind]))
    return lazy_("“%(name)s” is not a field. Known fields: %(known)s.", name=name, known=known)


def _headings(body: str) -> Iterator[TextFault]:
    lines = body.split("\n")
    for number, line in enumerate(lines, start=1):
        match = HEADING.match(line)
        is_underline = match is not None and match[2] is not None and number > 1 and lines[number - 2].strip() != ""
        if match is not None and (match[2] is None or is_underline):
            yield TextFault(number, 1, lazy_("A clause is one article: its title is its heading. Take this one away."))


def must_be_sound(body: str, kind: TextKind) -> None:
    """Return if nothing is wrong with the text. Raises Invalid of `body` with every fault and its place."""
    faults = faults_of(body, kind)
    if faults:
        raise Invalid(" ".join(map(str, faults)), "body")


def fields_in(body: str) -> tuple[str, ...]:
    """The fields that a text names, each once, in order."""
    return tuple(dict.fromkeys(match[1].strip() for match in FIELD.finditer(body)))


def escaped(value: str) -> str:
    """A value of which nothing is read as Markdown or HTML."""
    return clean_line(value).translate(_MARKS)


def filled(body: str, values: Mapping[str, str], tables: Mapping[str, str] | None = None) -> str:
    """The text with its fields filled; `tables` are Markdown already. What has no value is left to be written in."""

    def value_of(match: re.Match[str]) -> str:
        name = match[1].strip()
        if tables is not None and name in tables:
            return tables[name]
        return escaped(values.get(name, "")) or UNKNOWN_VALUE

    return FIELD.sub(value_of, body)
