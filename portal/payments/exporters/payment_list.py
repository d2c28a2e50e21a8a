"""The payment list for the municipality's accounting: the same rows as a workbook without formulas and as CSV. Pure.

Its heads are Italian, as those who import it expect; `end_to_end_id` is what comes back with the paid mandates.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from portal.core.money import format_cents
from portal.core.spreadsheets import csv_bytes
from portal.core.workbooks import xlsx_parts
from portal.payments.exporters.batch import OutFile, Payment

HEAD = (
    "end_to_end_id", "beneficiario", "codice_fiscale", "iban", "lordo_eur", "ritenuta_eur", "importo_eur", "cup",
    "atto", "causale",
)  # fmt: skip
"""`importo_eur` is what is to be paid: the gross without what is withheld."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def payments_csv(payments: Sequence[Payment]) -> OutFile:
    """The list as text, amounts as Italian spreadsheets read them."""
    rows = [[format_cents(each, "it") if isinstance(each, int) else each for each in row] for row in _rows(payments)]
    return OutFile("csv", "text/csv", csv_bytes(HEAD, rows))


def payments_xlsx(payments: Sequence[Payment]) -> OutFile:
    """The list as a workbook: amounts are numbers, all else is text, nothing is computed."""
    rows = ([Decimal(each) / 100 if isinstance(each, int) else each for each in row] for row in _rows(payments))
    return OutFile("xlsx", XLSX, b"".join(xlsx_parts("Pagamenti", HEAD, rows)))


def _rows(payments: Sequence[Payment]) -> Iterator[tuple[str | int, ...]]:
    """One row a payment; amounts in cents."""
    for each in payments:
        yield (
            each.end_to_end_id, each.holder, each.fiscal_code, each.iban, each.gross_cents, each.withheld_cents,
            each.amount_cents, each.cup, each.act, each.description,
        )  # fmt: skip
