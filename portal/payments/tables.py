"""The lists of finance as CSV.

A piece of its own: `exporters` write what banks and accounting read, in a form of theirs; these are our own lists, in
the language and with the words of the page.
"""

from collections.abc import Sequence
from datetime import date

from portal.core.i18n import _, locale
from portal.core.money import format_cents
from portal.core.spreadsheets import csv_bytes
from portal.ledger.labels import POSTING, account_name
from portal.ledger.models import LedgerEntry
from portal.payments.labels import STATUS, ageing
from portal.payments.models import Tranche


def tranches_csv(rows: Sequence[Tranche], today: date) -> bytes:
    """Tranches with their term, as the page lists them; no account, no name of a person."""
    head = (
        _("Grant"), _("Project"), _("Recipient"), _("Tranche"), _("Amount (EUR)"), _("State"), _("Asked for on"),
        _("To be paid by"), _("Term"), _("Paid on"), _("CUP"),
    )  # fmt: skip
    return csv_bytes(head, [_tranche(row, today) for row in rows])


def _tranche(row: Tranche, today: date) -> tuple[object, ...]:
    grant = row.grant
    return (
        grant.reference, grant.application.title, grant.organisation.name, row.number, _euros(row.amount_cents),
        STATUS[row.status], row.requested_at.date().isoformat() if row.requested_at else "", row.due_on or "",
        ageing(row, today)[0], row.paid_on or "", grant.cup or "",
    )  # fmt: skip


def ledger_csv(entries: Sequence[LedgerEntry]) -> bytes:
    """Entries of the ledger, with their keys, so that a reversal can be followed."""
    head = (_("Key"), _("Instant (UTC)"), _("Why"), _("From"), _("To"), _("Amount (EUR)"), _("Reverses"))
    return csv_bytes(head, [_entry(each) for each in entries])


def _entry(entry: LedgerEntry) -> tuple[object, ...]:
    return (
        entry.id, entry.at.strftime("%Y-%m-%dT%H:%M:%SZ"), POSTING[entry.posting],
        account_name(entry.credit), account_name(entry.debit),
        _euros(entry.amount_cents), entry.reverses_id or "",
    )  # fmt: skip


def _euros(cents: int) -> str:
    return format_cents(cents, locale())
