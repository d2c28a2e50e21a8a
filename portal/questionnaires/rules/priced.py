"""Rows that were priced, as they are stored: which of them nobody typed, and how their amounts came about. Pure.

A row that was priced says so under BY, beside its cells: `column` (where its kind stands), `how` (in both languages),
and, where nobody typed it, `name`, `rate` (per cent) and `base` (cents). No column can have such a key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.money import format_cents
from portal.questionnaires.rules.design import Text

Row = dict[str, Any]
BY = "_by"


def is_derived(row: Mapping[str, Any]) -> bool:
    """Whether nobody typed the row: it follows from others."""
    return "base" in row.get(BY, {})


def typed_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows as they were typed: without those that follow from others, and without what pricing said of them."""
    return [{key: cell for key, cell in row.items() if key != BY} for row in rows if not is_derived(row)]


def name_of_row(row: Mapping[str, Any], column: str) -> Text | None:
    """What stands in the cell of the kind of a row that nobody typed; None for every other cell."""
    by = row.get(BY, {})
    name: Text | None = by.get("name") if by.get("column") == column else None
    return name


def how_priced(row: Mapping[str, Any], column: str) -> Text | None:
    """How the amount of a row came about, beside its kind; None for every other cell, and for what was typed."""
    by = row.get(BY, {})
    if by.get("column") != column:
        return None
    return {language: _how(text, by, language) for language, text in by["how"].items()}


def _how(text: str, by: Mapping[str, Any], language: str) -> str:
    if "base" not in by:
        return text
    return f"{text}: €{'' if language == 'en' else ' '}{format_cents(by['base'], language)}"
