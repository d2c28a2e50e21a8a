"""Cells that leave the house: none may be read as a formula (CWE-1236)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import SupportsFloat

from xlsxwriter import Workbook

PART = 64 * 1024
LONGEST_CELL, LONGEST_SHEET_NAME = 32_767, 31

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets compute, with the full-width signs that some of them read alike."""


def safe_cell(value: object) -> str:
    """The value as text, with an apostrophe before anything a spreadsheet would compute."""
    text = "" if value is None else str(value)
    if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS):
        return f"'{text}"
    return text


def csv_bytes(head: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as spreadsheets open it in Italy: UTF-8 with BOM, semicolons, every cell quoted and safe."""
    return b"".join(csv_parts(head, rows))


def csv_parts(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same table a part at a time, for lists of any length."""
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in chain([head], rows):
        writer.writerow([safe_cell(cell) for cell in row])
        if out.tell() > PART:
            yield out.getvalue().encode("utf-8")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8")


def xlsx_bytes(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet, a row in memory at a time: text is text, whatever it begins with, and never a link.

    What has `__float__` is written as a number with two decimals.
    """
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, {"constant_memory": True, **plain}) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(name[:LONGEST_SHEET_NAME])
        sheet.freeze_panes(1, 0)
        for across, cell in enumerate(head):
            sheet.write_string(0, across, str(cell), bold)
        for down, row in enumerate(rows, start=1):
            for across, cell in enumerate(row):
                if isinstance(cell, SupportsFloat):
                    sheet.write_number(down, across, float(cell), money)
                else:
                    sheet.write_string(down, across, "" if cell is None else str(cell)[:LONGEST_CELL])
    return out.getvalue()
