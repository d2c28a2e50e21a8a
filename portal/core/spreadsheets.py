"""Cells that leave the house: none may be read as a formula (CWE-1236)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from portal.core.money import format_cents

PART = 64 * 1024

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


@dataclass(frozen=True, slots=True)
class Euro:
    """Cents, as a number where the file has numbers, and in words of the office where it has text alone."""

    cents: int

    def __str__(self) -> str:
        return format_cents(self.cents, "it").replace(".", "")

    def __float__(self) -> float:
        return self.cents / 100
