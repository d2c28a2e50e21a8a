"""Rows of tables, groups and lists of people as a page shows them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.core.i18n import in_language, lazy_
from portal.core.money import format_money
from portal.core.text import storable
from portal.questionnaires.fields.shapes import LOOKS, Cell, Control, Look, RowShown, Setting, State
from portal.questionnaires.fields.words import option_pairs
from portal.questionnaires.labels import answer_in_words
from portal.questionnaires.rules import NUMERIC, Question, QuestionType, Stored, missing_cells, row_faults
from portal.questionnaires.rules.priced import BY, name_of_row
from portal.questionnaires.rules.pricing import Pricing
from portal.questionnaires.rules.writing import typed_value

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
    pricing: Pricing | None = None

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


def derived_shown(grid: Grid, derived: Sequence[Mapping[str, Any]]) -> list[RowShown]:
    """The rows that follow from others: nothing in them is typed."""
    shown = []
    for number, row in enumerate(derived):
        cells = [_derived_cell(column, row) for column in grid.question.columns]
        shown.append(RowShown(number, next((cell.result for cell in cells if cell.how), ""), cells, True, True))
    return shown


def _derived_cell(column: Question, row: Mapping[str, Any]) -> Cell:
    label, name, value = in_language(column.label), name_of_row(row, column.key), row.get(column.key)
    if name:
        by = row[BY]
        return Cell(
            column.key, label, None, in_language(name), how=in_language(by["how"]), base=format_money(by["base"])
        )
    words = "" if value is None else answer_in_words(column, {"value": value})
    return Cell(column.key, label, None, words, is_number=column.type in NUMERIC)


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
        if grid.pricing is not None and column.key == grid.pricing.kind:
            followed = {share.kind for share in grid.pricing.shares}
            self.options = [pair for pair in self.options if pair[0] not in followed]
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
        fixed = self._fixed(typed)
        if fixed is not None:
            message, text = None, str(typed_value(column, fixed))
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
            is_fixed=fixed is not None,
        )
        how = self._how(typed)
        return Cell(column.key, self.label, control, message=message, is_number=is_number, how=how)

    def _fixed(self, typed: Mapping[str, str]) -> Any:
        """What the kind of the row prescribes here."""
        pricing = self.grid.pricing
        found = pricing.fixed.get(typed.get(pricing.kind, "")) if pricing is not None else None
        return found.cells.get(self.column.key) if found is not None else None

    def _how(self, typed: Mapping[str, str]) -> str | None:
        """Beside the kind of a row, what it prescribes; None where no kind prescribes anything."""
        pricing = self.grid.pricing
        if pricing is None or not pricing.fixed or pricing.kind != self.column.key:
            return None
        found = pricing.fixed.get(typed.get(pricing.kind, ""))
        return in_language(found.how) if found is not None else ""


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
            **({"negative": True} if column.minimum is not None and column.minimum < 0 else {}),
        }
        for column in question.columns
        if column.type in NUMERIC
    ]
    return json.dumps(columns) if any("formula" in each or "total" in each for each in columns) else ""


def pricing_of_page(question: Question, pricing: Pricing | None) -> str:
    """What the same script needs to fix cells and to make rows follow, as JSON; empty where nothing is priced."""
    if pricing is None:
        return ""
    columns = {column.key: column for column in question.columns}
    fixed = {
        kind: {
            "how": in_language(each.how),
            "cells": {key: typed_value(columns[key], cell) for key, cell in each.cells.items()},
        }
        for kind, each in pricing.fixed.items()
    }
    shares = [{"kind": each.kind, "of": sorted(each.of), "rate": f"{each.rate:f}"} for each in pricing.shares]
    return json.dumps({"kind": pricing.kind, "amount": pricing.amount, "fixed": fixed, "shares": shares})
