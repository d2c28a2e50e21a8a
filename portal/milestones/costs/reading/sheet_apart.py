"""In a process apart: the rows of a spreadsheet, as JSON. `python -I -m … xlsx|csv`; openpyxl is loaded here alone."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from portal.core.apart import work_apart

MOST_ROWS, MOST_COLUMNS = 20_100, 60
FURTHEST = 200_000
"""So many rows are looked at for one that stands below empty ones."""
LONGEST_CELL = 2_000


def rows_of(content: bytes, kind: str) -> Iterator[list[Any]]:
    """Every row of the first sheet, its head too."""
    yield from _cells(_csv(content) if kind == "csv" else _xlsx(content))


def _xlsx(content: bytes) -> Iterator[Iterable[Any]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    yield from sheet.iter_rows(values_only=True)


def _csv(content: bytes) -> Iterator[Iterable[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _cells(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """The rows that are read; of those beyond them the first that says something, so that none is lost in silence."""
    for number, row in enumerate(islice(rows, FURTHEST)):
        cells = list(row)
        if number <= MOST_ROWS:
            yield [_plain(cell) for cell in cells[:MOST_COLUMNS]]
        elif any(cell not in (None, "") for cell in cells):
            yield [_plain(cell) for cell in cells[:MOST_COLUMNS]]
            return


def _plain(cell: Any) -> Any:
    """Numbers and text as they are, a day as one; an apostrophe that kept a cell from being computed goes."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if cell is None or isinstance(cell, bool | int | float):
        return cell
    return str(cell)[:LONGEST_CELL].removeprefix("'")


if __name__ == "__main__":
    work_apart(lambda content: json.dumps(list(rows_of(content, sys.argv[1]))).encode())
