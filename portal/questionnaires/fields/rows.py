"""Rows of tables, groups and lists of people as a page shows them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.core.i18n import in_language, lazy_
from portal.core.text import storable
from portal.questionnaires.fields.shapes import LOOKS, Cell, Control, Look, RowShown, Setting, State
from portal.questionnaires.fields.words import option_pairs
from portal.questionnaires.labels import answer_in_words
from portal.questionnaires.rules import NUMERIC, Question, QuestionType, Stored, missing_cells, row_faults

PLAIN = Look()
LIST = Look("list")
BRIEF = Look(style="v-short")
NAMES = {
    QuestionType.TABLE: lazy_("Row %(number)s"),
    QuestionType.PEOPLE: lazy_("Person %(number)s"),
    QuestionType.GROUP: lazy_("Card %(number)s"),
}
LISTED = frozenset({QuestionType.CHOICE, QuestionType.YES_NO, QuestionType.AREA})


@dataclass(frozen=True, slots=True)
class Grid:
    """A question in rows with what is to be shown in it."""

    question: Question
    typed: Sequence[Any]
    stored: Stored | None
    state: State
    setting: Setting

    @property
    def count(self) -> int:
        """How many rows are shown: those written, as many as are asked for, and a blank one where it is wanted."""
        written = len(self.typed) + (self.state.longer == self.question.key)
        return max(1, min(max(written, self.question.min_rows or 0), max(self.question.most_rows, len(self.typed))))

    @property
    def faults(self) -> dict[tuple[int, str], object]:
        """What is wrong or missing, by row and column."""
        if self.question.key in self.state.typed:
            return {}
        found = row_faults(self.question, self.stored)
        if self.state.everything:
            found = [*missing_cells(self.question, self.stored), *found]
        return {(each.row, each.column.key): each.message for each in found}


def rows_shown(grid: Grid, done: Sequence[Mapping[str, Any]]) -> list[RowShown]:
    """The rows, blank ones at the end; `done` are the stored rows with their computed cells."""
    faults, focus, named = grid.faults, grid.state.focus, str(NAMES[grid.question.type])
    columns = [_Column(column, grid) for column in grid.question.columns]
    rows = []
    for number in range(grid.count):
        typed = grid.typed[number] if number < len(grid.typed) else {}
        results = done[number] if number < len(done) else {}
        name = named % {"number": number + 1}
        cells = [column.cell(number, name, typed, results, faults) for column in columns]
        if focus == (grid.question.key, number):
            cells = _with_focus(cells)
        rows.append(RowShown(number, name, cells, is_first=number == 0, is_last=number == grid.count - 1))
    return rows


def _with_focus(cells: list[Cell]) -> list[Cell]:
    """The same cells, of which the first that can be typed in takes the focus."""
    at = next((place for place, cell in enumerate(cells) if cell.control), None)
    if at is None or (control := cells[at].control) is None:
        return cells
    return [*cells[:at], replace(cells[at], control=replace(control, has_focus=True)), *cells[at + 1 :]]


class _Column:
    """A column, with what all its cells share worked out once."""

    def __init__(self, column: Question, grid: Grid) -> None:
        self.column, self.grid = column, grid
        self.label = in_language(column.label)
        self.look = LIST if column.type in LISTED else LOOKS.get(column.type, PLAIN)
        self.place = f"q-{grid.question.key}"
        self.options = option_pairs(column, grid.setting.areas, "")
        self.keys = {key for key, _name in self.options}

    def cell(
        self,
        number: int,
        row: str,
        typed: Mapping[str, str],
        results: Mapping[str, Any],
        faults: Mapping[tuple[int, str], object],
    ) -> Cell:
        """The cell of one row."""
        column = self.column
        is_number = column.type in NUMERIC
        if column.is_computed:
            value = results.get(column.key)
            words = answer_in_words(column, {"value": value}) if value is not None else "–"
            return Cell(column.key, self.label, None, words, is_number=is_number)
        message, text = faults.get((number, column.key)), storable(str(typed.get(column.key, "")))
        identity = f"{self.place}-{number}-{column.key}"
        control = Control(
            id=identity,
            name=f"{self.grid.question.key}.{number}.{column.key}",
            look=BRIEF if self.look.kind == "date" and message is not None else self.look,
            text=text,
            label=f"{self.label}, {row}",
            described=f"{identity}-says" if message is not None else "",
            is_wrong=message is not None,
            is_required=column.required,
            options=self.options if not text or text in self.keys else [*self.options, (text, text)],
            lines=2,
        )
        return Cell(column.key, self.label, control, message=message, is_number=is_number)


def columns_of(question: Question) -> list[Cell]:
    """The heads of the columns."""
    return [
        Cell(
            column.key,
            in_language(column.label),
            None,
            is_number=column.type in NUMERIC,
            is_optional=not column.required and not column.is_computed,
            hint=in_language(column.help) if column.help else None,
        )
        for column in question.columns
    ]


def sums_of(question: Question) -> str:
    """What the page computes while one types, as JSON; empty where nothing is computed. The server never reads it."""
    columns = [
        {
            "key": column.key,
            "type": column.type.value,
            "places": column.places,
            **({"formula": column.formula} if column.formula else {}),
            **({"total": True} if column.total else {}),
        }
        for column in question.columns
        if column.type in NUMERIC
    ]
    return json.dumps(columns) if any("formula" in each or "total" in each for each in columns) else ""
