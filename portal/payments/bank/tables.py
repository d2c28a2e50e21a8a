"""The reconciliation as a table that leaves the house, in the words of the page."""

from collections.abc import Iterable

from portal.core.i18n import _, locale
from portal.core.money import format_cents
from portal.core.spreadsheets import csv_bytes
from portal.payments.bank.queries.reconciliation import Batch, Reconciliation


def reconciliation_csv(found: Reconciliation) -> bytes:
    """Every batch, then their sum."""
    head = (
        _("Message"), _("Day of payment"), _("Payments"), _("Sent (EUR)"), _("Paid (EUR)"), _("Not paid (EUR)"),
        _("Waiting (EUR)"), _("Paid by the ledger (EUR)"), _("Difference (EUR)"),
    )  # fmt: skip
    return csv_bytes(head, (_row(each) for each in _rows(found)))


def _rows(found: Reconciliation) -> Iterable[Batch]:
    yield from found.rows
    yield found.total


def _row(batch: Batch) -> tuple[object, ...]:
    cents = (batch.sent, batch.paid, batch.failed, batch.waiting, batch.booked, batch.difference)
    name = batch.message_id or _("All")
    return name, batch.execution_on or "", batch.payments, *(format_cents(each, locale()) for each in cents)
