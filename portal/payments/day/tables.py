"""The figures of finance's home as tables that leave as files: head, and rows with amounts as numbers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from portal.core.i18n import _, in_language
from portal.core.instants import format_day, format_month
from portal.core.spreadsheets import Euro
from portal.payments.day.labels import BAND, WHOSE, mend_label, reason_label
from portal.payments.day.outlook import FundStanding
from portal.payments.day.waiting import Band, Today
from portal.payments.models import Tranche

Table = tuple[str, Sequence[object], Iterable[Sequence[object]]]
"""The name of the sheet, the head, the rows."""


def today_table(today: Today) -> Table:
    """What can be paid, then what is held, one tranche a row."""
    head = (_("Grant"), _("Recipient"), _("Tranche"), _("Amount (EUR)"), _("To be paid by"), _("Waits for"),
            _("Whose turn"), _("What to do"))  # fmt: skip
    return _("What can be paid"), head, _rows_of_today(today)


def _rows_of_today(today: Today) -> Iterator[Sequence[object]]:
    for each in today.payable:
        yield *_tranche(each.tranche, each.net_cents), _("can be paid today"), "", ""
    for hold in today.holds:
        words = (reason_label(hold.reason), str(WHOSE[hold.whose]), mend_label(hold.reason))
        for tranche in hold.tranches:
            yield *_tranche(tranche, tranche.amount_cents), *words


def _tranche(tranche: Tranche, cents: int) -> tuple[object, ...]:
    grant, due = tranche.grant, tranche.due_on
    return grant.reference, grant.organisation.name, tranche.number, Euro(cents), format_day(due) if due else ""


def terms_table(bands: Sequence[Band]) -> Table:
    """Waiting tranches by what is left of their term."""
    head = (_("Term of payment"), _("Tranches"), _("Amount (EUR)"))
    return _("Terms"), head, [(str(BAND[each.name]), each.count, Euro(each.cents)) for each in bands]


def forecast_table(months: Sequence[tuple[date, int]], beyond: int) -> Table:
    """What is expected to be paid month by month."""
    rows: list[Sequence[object]] = [(format_month(first), Euro(cents)) for first, cents in months]
    return _("Forecast"), (_("Month"), _("Expected (EUR)")), [*rows, (_("later"), Euro(beyond))]


def funds_table(standings: Sequence[FundStanding]) -> Table:
    """Where the money of each fund stands."""
    head = (_("Call"), _("Fund"), _("Budget (EUR)"), _("Committed (EUR)"), _("Awarded, not yet released"),
            _("Released, on its way"), _("Paid"), _("To come back"), _("Available"))  # fmt: skip
    return _("Funds"), head, [_fund(each) for each in standings]


def _fund(each: FundStanding) -> Sequence[object]:
    cents = (each.budget, each.committed, each.awarded, each.payable, each.paid, each.returning, each.available)
    name = in_language(each.fund) if each.fund else _("no fund named")
    return in_language(each.call), name, *(Euro(amount) for amount in cents)
