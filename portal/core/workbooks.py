"""Workbooks of any length, a part at a time: the frame is xlsxwriter's, its rows are written straight into the sheet.

A library that keeps a workbook until it is whole takes twenty seconds and more for a hundred thousand rows, and nothing
reaches the reader before the last of them.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from portal.core.spreadsheets import PART

SHEET = "xl/worksheets/sheet1.xml"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""When every part was made: the same rows give the same bytes."""
LONGEST_CELL, LONGEST_SHEET_NAME = 32_767, 31
FRAME = re.compile(r'(?s)(?P<before>.*</row>)<row [^>]*><c r="A2" s="(?P<money>\d+)">.*?</row>(?P<after>.*)')
EXTENT = re.compile(r"<dimension [^>]*/>")
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, and what a spreadsheet would take for such a sign."""


@runtime_checkable
class Amount(Protocol):
    """A cell that is a number where the file has numbers, in text what `str` says."""

    def __float__(self) -> float: ...


class _Parts:
    """Where a zip is written to, and taken away from as it grows: it cannot go back."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def write(self, data: Any) -> int:
        self.kept += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        found, self.kept = bytes(self.kept), bytearray()
        return found


def xlsx_parts(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A workbook of one sheet: text is text, whatever it begins with, and never a link; nothing is computed.

    What has `__float__` is written as a number with two decimals.
    """
    out = _Parts()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        frame = ZipFile(io.BytesIO(_frame(name, head)))
        for each in frame.namelist():
            if each != SHEET:
                book.writestr(ZipInfo(each, EPOCH), frame.read(each), ZIP_DEFLATED)
        before, money, after = _halves(frame.read(SHEET).decode())
        letters = [xl_col_to_name(across) for across in range(len(head))]
        with book.open(_sheet(), "w") as sheet:
            sheet.write(before.encode())
            for down, row in enumerate(rows, start=2):
                sheet.write(_row(down, row, letters, money).encode())
                if len(out.kept) > PART:
                    yield out.taken()
            sheet.write(after.encode())
    yield out.taken()


def _sheet() -> ZipInfo:
    found = ZipInfo(SHEET, EPOCH)
    found.compress_type = ZIP_DEFLATED
    return found


def _frame(name: str, head: Sequence[object]) -> bytes:
    """A workbook with its head, and one amount for the sake of its format."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(*EPOCH)})  # noqa: DTZ001 - of no zone, as the file keeps it
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(name[:LONGEST_SHEET_NAME])
        sheet.freeze_panes(1, 0)
        for across, cell in enumerate(head):
            sheet.write_string(0, across, str(cell), bold)
        sheet.write_number(1, 0, 0, money)
    return out.getvalue()


def _halves(sheet: str) -> tuple[str, str, str]:
    """What stands before the rows, the number of the format of amounts, what stands after; no extent is told."""
    found = FRAME.fullmatch(EXTENT.sub("", sheet))
    if found is None:
        raise ValueError("the frame of a workbook is not as it should be")
    return found["before"], found["money"], found["after"]


def _row(down: int, row: Sequence[object], letters: Sequence[str], money: str) -> str:
    cells = (_cell(f"{letter}{down}", cell, money) for letter, cell in zip(letters, row, strict=True))
    return f'<row r="{down}">{"".join(cells)}</row>'


def _cell(place: str, cell: object, money: str) -> str:
    if cell is None or cell == "":
        return ""
    if not isinstance(cell, str) and isinstance(cell, Amount):
        return f'<c r="{place}" s="{money}"><v>{float(cell)!r}</v></c>'
    text = escape(UNREADABLE.sub(_told, str(cell)[:LONGEST_CELL]))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _told(sign: re.Match[str]) -> str:
    return f"_x{ord(sign[0]):04X}_"
