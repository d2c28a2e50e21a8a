"""A cost as it was typed, in a form or a row of a spreadsheet: one reading for both. Pure.

Cells are text, or what a spreadsheet holds: numbers, days. A fault names its field; what cannot be read counts as not
told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.core.counts import parse_count
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import parse_amount
from portal.core.text import clean_line
from portal.grants.rules import clean_cup
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.documents import valid_supplier_code
from portal.milestones.costs.rules.faults import CostFault
from portal.milestones.costs.rules.words import DocumentKind, LineSource, PaymentMeans

Cell = str | int | float | bool | date | None
NOISE = Decimal("0.0001")
"""How far a computed cell (0,1 + 0,2) may stand from its cent: spreadsheets count in halves of halves."""
LARGEST = 10**14
"""Cents, or hundredths: no honest figure is larger."""
DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What words mean here: each in small letters, in both languages."""

    categories: Mapping[str, str]
    documents: Mapping[str, DocumentKind]
    means: Mapping[str, PaymentMeans]
    milestones: Mapping[str, UUID]
    yes: frozenset[str] = field(default_factory=lambda: frozenset({"sì", "si", "yes", "y", "s", "1", "true", "x"}))


def read_cost(
    cells: Mapping[str, Cell], vocabulary: Vocabulary, *, source: LineSource = LineSource.TYPED
) -> tuple[Cost, list[CostFault]]:
    """The cost, and what of it could not be read."""
    faults: list[CostFault] = []
    told: dict[str, Any] = {"source": source}
    for name, (into, read) in READERS.items():
        if is_empty(cells.get(name)):
            continue
        try:
            told[into] = read(cells[name], vocabulary)
        except Invalid as fault:
            faults.append(CostFault(name, fault.message))
    told.setdefault("category", "")
    return Cost(**told), faults


def is_empty(cell: Cell) -> bool:
    """Whether nothing was told."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _line(most: int) -> Callable[[Cell, Vocabulary], str]:
    def read(cell: Cell, _vocabulary: Vocabulary) -> str:
        text = clean_line(_text(cell))
        if len(text) > most:
            raise Invalid(lazy_("At most %(most)d characters, these are %(n)d.", most=most, n=len(text)))
        return text

    return read


def _text(cell: Cell) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def _cents(cell: Cell, _vocabulary: Vocabulary) -> int:
    """An amount: a number of the spreadsheet to its cent, or text as it is written in Italy."""
    return _hundredths(cell) if _is_number(cell) else parse_amount(_text(cell))


def _count(cell: Cell, _vocabulary: Vocabulary) -> int:
    return _hundredths(cell) if _is_number(cell) else parse_count(_text(cell))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _hundredths(cell: Cell) -> int:
    """The number as it was written, in hundredths: three decimals are no cents."""
    exact = Decimal(str(cell)).scaleb(2) if cell == cell else Decimal("NaN")
    if not exact.is_finite() or not 0 <= exact < LARGEST:
        raise Invalid(lazy_("This is not an amount. Write it like 1.234,50, with a comma before the cents."))
    if abs(exact - (nearest := exact.to_integral_value())) > NOISE:
        raise Invalid(lazy_("Cents have two digits. Write at most two digits after the comma."))
    return int(nearest)


def _share(cell: Cell, vocabulary: Vocabulary) -> int:
    found = _count(_text(cell).rstrip("% ") if isinstance(cell, str) else cell, vocabulary)
    if not 0 < found <= 10_000:
        raise Invalid(lazy_("Write a share above 0 and up to 100 per cent."))
    return found


def _day(cell: Cell, _vocabulary: Vocabulary) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell).strip().removesuffix(" 00:00:00").removesuffix("T00:00:00")
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Invalid(lazy_("This is no day. Write it like 31/12/2026."))


def _supplier(cell: Cell, _vocabulary: Vocabulary) -> str:
    digits = _text(cell)
    return valid_supplier_code(digits.zfill(11) if _is_number(cell) else digits)


def _one_of(
    which: Callable[[Vocabulary], Mapping[str, Any]], words: object
) -> Callable[[Cell, Vocabulary], Any]:  # fmt: skip
    def read(cell: Cell, vocabulary: Vocabulary) -> Any:
        found = which(vocabulary).get(clean_line(_text(cell)).lower())
        if found is None:
            raise Invalid(lazy_("“%(value)s” is not known here: %(words)s.", value=_text(cell)[:60], words=words))
        return found

    return read


def _yes(cell: Cell, vocabulary: Vocabulary) -> bool:
    return cell is True or _text(cell).strip().lower() in vocabulary.yes


READERS: Mapping[str, tuple[str, Callable[[Cell, Vocabulary], Any]]] = {
    "category": ("category", _one_of(lambda known: known.categories, lazy_("write a kind of cost of the call"))),
    "description": ("description", _line(500)),
    "document": ("document", _one_of(lambda known: known.documents, lazy_("write invoice, payslip, receipt or other"))),
    "supplier_name": ("supplier_name", _line(200)),
    "supplier_code": ("supplier_code", _supplier),
    "document_number": ("document_number", _line(80)),
    "document_on": ("document_on", _day),
    "net": ("net_cents", _cents),
    "vat": ("vat_cents", _cents),
    "vat_recoverable": ("vat_recoverable", _yes),
    "share": ("share_bp", _share),
    "cup": ("cup", lambda cell, _known: clean_cup(_text(cell))),
    "paid_on": ("paid_on", _day),
    "payment_means": ("payment_means", _one_of(lambda known: known.means, lazy_("write how it was paid"))),
    "payment_reference": ("payment_reference", _line(80)),
    "quantity": ("quantity_hundredths", _count),
    "milestone": ("milestone_id", _one_of(lambda known: known.milestones, lazy_("write the number of a milestone"))),
}
"""How each field is read, and where it goes."""
