"""The register as a table that leaves the house, in the words of the page."""

from collections.abc import Iterable, Sequence

from portal.core.i18n import _, locale
from portal.core.instants import format_day
from portal.core.money import format_cents
from portal.payments.irregularities.labels import KINDS, state_of
from portal.payments.irregularities.models import Irregularity


def register_head() -> Sequence[object]:
    """The heads of the columns."""
    return (
        _("Grant"), _("Recipient"), _("Found on"), _("What was found"), _("Amount (EUR)"),
        _("Of it, the Union's (EUR)"), _("State"), _("Reply by"), _("To be reported by"), _("Reported on"),
        _("Number of the report"),
    )  # fmt: skip


def register_rows(rows: Iterable[Irregularity]) -> Iterable[Sequence[object]]:
    """One line for each."""
    for row in rows:
        amounts = (format_cents(cents, locale()) for cents in (row.cents, row.eu_cents))
        days = (format_day(day) if day else "" for day in (row.reply_by, row.report_by, row.reported_on))
        yield (
            row.grant.reference, row.grant.organisation.name, format_day(row.found_on), str(KINDS[row.kind]), *amounts,
            str(state_of(row)[0]), *days, row.report_reference or "",
        )  # fmt: skip
