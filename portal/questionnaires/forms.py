"""The shape of a section's form: for each question its key, and `v-<key>`, the version its sender saw.

Parts of an address or a point are `<key>.<part>`, cells of rows `<key>.<row>.<column>`, rows counted from 0. What a
button does to rows travels in `rows-do`: `add <key>`, `remove <key> 2`, `up <key> 2`, `down <key> 2`,
`detach <key> <file>`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.questionnaires.rules import VERSION_PREFIX, Question, QuestionType, Typed
from portal.questionnaires.rules.reading import ADDRESS_PARTS, PLACE_PARTS

THEIRS = "theirs-"
DO = "rows-do"
PARTS = {QuestionType.ADDRESS: ADDRESS_PARTS, QuestionType.PLACE: PLACE_PARTS}
MOST_SENT = 1000
"""Rows of one answer that are looked at at all; the engine refuses what is over its own limit."""


@dataclass(frozen=True, slots=True)
class RowAct:
    """What a button does to the rows, or the files, of one question."""

    verb: str
    key: str
    target: str = ""

    @property
    def row(self) -> int:
        """The row it is about, counted from 0; -1 for none."""
        return _whole(self.target, -1)


@dataclass(frozen=True, slots=True)
class SectionSent:
    """What a form brought: what was typed by question, the version of each that its sender saw, the button pressed."""

    typed: dict[str, Typed]
    base: dict[str, int]
    act: RowAct | None = None


VERBS = frozenset({"add", "remove", "up", "down", "attach", "detach"})


def sent_section(questions: Iterable[Question], form: MultiDict[str, str]) -> SectionSent:
    """Take the fields of questions out of a form; unknown ones are ignored, a version that is no number counts as none.

    A question whose box "keep the other version" is ticked (`theirs-<key>`) is left as it is. Rows are given in the
    order in which the pressed button leaves them. Files are never read from a form.
    """
    asked = list(questions)
    act = _act_of(form.get(DO, ""), {question.key for question in asked})
    typed: dict[str, Typed] = {}
    base: dict[str, int] = {}
    cells = _cells_of(form, {question.key for question in asked if question.has_rows})
    for question in asked:
        if form.get(THEIRS + question.key) or question.is_computed:
            continue
        version = form.get(VERSION_PREFIX + question.key)
        if version is not None:
            base[question.key] = _whole(version)
        given = _given(question, form, cells, act, was_shown=version is not None)
        if given is not None:
            typed[question.key] = given
    return SectionSent(typed, base, act)


def versions_sent(form: MultiDict[str, str]) -> dict[str, int]:
    """The version of every answer that the sender's page showed."""
    start = len(VERSION_PREFIX)
    return {name[start:]: _whole(text) for name, text in form.items() if name.startswith(VERSION_PREFIX)}


def _given(
    question: Question,
    form: MultiDict[str, str],
    cells: dict[str, dict[int, dict[str, str]]],
    act: RowAct | None,
    *,
    was_shown: bool,
) -> Typed | None:
    if question.type is QuestionType.FILES:
        return None
    if question.has_rows:
        rows = cells.get(question.key)
        if rows is None:
            return [] if was_shown else None
        return _moved([rows[number] for number in sorted(rows)], act if act and act.key == question.key else None)
    if question.type in PARTS:
        names = {name: f"{question.key}.{name}" for name in PARTS[question.type]}
        if not any(name in form for name in names.values()):
            return None
        return {part: form.get(name, "") for part, name in names.items()}
    if question.type is QuestionType.CHOICES:
        return form.getlist(question.key) if question.key in form or was_shown else None
    return form.get(question.key)


def _cells_of(form: MultiDict[str, str], keys: set[str]) -> dict[str, dict[int, dict[str, str]]]:
    """The cells of every question in rows, read in one pass."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    for name, text in form.items():
        key, _dot, rest = name.partition(".")
        if key not in keys:
            continue
        row, _dot, column = rest.partition(".")
        number = _whole(row, -1)
        if column and 0 <= number < MOST_SENT:
            found.setdefault(key, {}).setdefault(number, {})[column] = text
    return found


def _moved(rows: list[dict[str, str]], act: RowAct | None) -> list[dict[str, str]]:
    """The rows after the button: one taken away, or two in each other's place."""
    at = act.row if act else -1
    if act is None or not 0 <= at < len(rows):
        return rows
    if act.verb == "remove":
        return rows[:at] + rows[at + 1 :]
    other = at + {"up": -1, "down": 1}.get(act.verb, 0)
    if other != at and 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
    return rows


def _act_of(text: str, keys: set[str]) -> RowAct | None:
    verb, key, target = ([*text.split(" "), "", ""])[:3]
    return RowAct(verb, key, target) if verb in VERBS and key in keys else None


def _whole(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
