"""CSV of paid mandates, as a treasurer or the accounting office sends it: the rows of our list with a day.

Heads are known under several names, in any order, beside columns that nobody reads. A fault names its row; one fault
and nothing is taken.
"""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import parse_amount
from portal.core.text import clean_line
from portal.payments.bank.reading.refused import Unreadable
from portal.payments.bank.reasons import known_code
from portal.payments.bank.rules import MOST_MESSAGES, BankFileKind, Said
from portal.payments.bank.told import BankReading, Told

REFERENCE = ("end_to_end_id", "riferimento", "reference")
AMOUNT = ("importo_eur", "importo", "amount")
DAY = ("data_pagamento", "pagato_il", "data", "paid_on", "date")
OUTCOME = ("esito", "outcome", "stato")
WHY = ("motivo", "reason")
SAID = {
    "": Said.PAID, "pagato": Said.PAID, "paid": Said.PAID, "eseguito": Said.PAID,
    "respinto": Said.REFUSED, "rifiutato": Said.REFUSED, "refused": Said.REFUSED, "annullato": Said.REFUSED,
    "stornato": Said.RETURNED, "restituito": Said.RETURNED, "returned": Said.RETURNED,
    "in attesa": Said.WAITING, "in lavorazione": Said.WAITING, "waiting": Said.WAITING,
}  # fmt: skip
LEADING_CODE = re.compile(r"([A-Z]{2}[0-9]{2})\b[\s:.–-]*(.*)", re.DOTALL)
Row = dict[str, str]
Cell = TypeVar("Cell")


def read_mandates(content: bytes) -> BankReading:
    """Every row of the table. Raises Unreadable for a head or a row that is not understood."""
    rows = _rows(content)
    told = tuple(_told(number, row) for number, row in rows)
    return BankReading(BankFileKind.MANDATES, "", told)


def _rows(content: bytes) -> list[tuple[int, Row]]:
    text = _decoded(content)
    lines = io.StringIO(text, newline="")
    first = text.partition("\n")[0]
    reader = csv.reader(lines, delimiter=";" if first.count(";") >= first.count(",") else ",", strict=True)
    try:
        head = [clean_line(cell).casefold().replace(" ", "_") for cell in next(reader)]
        rows = [(reader.line_num, dict(zip(head, row, strict=False))) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise Unreadable(lazy_("This is not a table: save it as CSV, with semicolons.")) from error
    for names in (REFERENCE, AMOUNT, DAY):
        if not any(name in head for name in names):
            raise Unreadable(lazy_("The column “%(name)s” is missing from the first row.", name=names[0]))
    return rows[: MOST_MESSAGES + 1]


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise Unreadable(lazy_("This is not a table: save it as CSV, with semicolons."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _told(number: int, row: Row) -> Told:
    outcome = _cell(row, OUTCOME).casefold()
    if outcome not in SAID:
        raise _fault(number, lazy_("“%(text)s” is no outcome: write pagato, respinto or stornato.", text=outcome[:40]))
    said, why = SAID[outcome], _cell(row, WHY)
    leading = LEADING_CODE.fullmatch(why)
    reference = _cell(row, REFERENCE)
    if not 0 < len(reference) <= 35:
        raise _fault(number, lazy_("the reference of the payment is missing, or too long."))
    return Told(
        said, "", reference, amount_cents=_read(number, _cents, _cell(row, AMOUNT)),
        day=_read(number, _day, _cell(row, DAY)) if said is Said.PAID or _cell(row, DAY) else None,
        reason=known_code(leading[1]) if leading else None, info=(leading[2] if leading else why)[:300] or None,
    )  # fmt: skip


def _cell(row: Row, names: tuple[str, ...]) -> str:
    return next((clean_line(row[name] or "") for name in names if name in row), "")


def _read(number: int, read: Callable[[str], Cell], text: str) -> Cell:
    try:
        return read(text)
    except Invalid as error:
        raise _fault(number, error.message) from error


def _cents(text: str) -> int:
    return parse_amount(text)


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Invalid(lazy_("“%(text)s” is not a day: write it as in 2026-03-31.", text=text[:40]))


def _fault(number: int, message: object) -> Unreadable:
    words = lazy_("Row %(number)s: %(message)s Nothing of the file was taken.", number=number, message=message)
    return Unreadable(words)
