"""The list of recoveries as a table that leaves the house, in the words of the page."""

from collections.abc import Iterable, Sequence

from portal.core.i18n import _, in_language, locale
from portal.core.instants import format_day
from portal.core.money import format_cents
from portal.payments.recoveries.labels import SOURCES, STATUS
from portal.payments.recoveries.listing import Listed


def recoveries_head() -> Sequence[object]:
    """The heads of the columns."""
    return (
        _("Grant"), _("Recipient"), _("Call"), _("Number"), _("Follows from"), _("Act"), _("Day of the act"),
        _("Paid and to be returned (EUR)"), _("Interest (EUR)"), _("Returned so far (EUR)"),
        _("Still to be returned (EUR)"), _("Late (EUR)"), _("Next term"), _("State"),
    )  # fmt: skip


def recoveries_rows(rows: Iterable[Listed]) -> Iterable[Sequence[object]]:
    """One line for each."""
    for row in rows:
        found, grant = row.recovery, row.recovery.grant
        amounts = (found.principal_cents, found.interest_cents, found.returned_cents, found.open_cents, row.late_cents)
        yield (
            grant.reference, grant.organisation.name, in_language(grant.call.title), found.number,
            str(SOURCES[found.source]), found.act_number, format_day(found.act_date),
            *(format_cents(cents, locale()) for cents in amounts),
            format_day(row.next_on) if row.next_on and found.is_open else "", str(STATUS[found.status]),
        )  # fmt: skip
