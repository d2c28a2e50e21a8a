"""The answers of a call as a table: for the office alone, with small counts in it."""

from collections.abc import Iterator

from portal.coaching.followup.labels import SOURCES, TOLD
from portal.coaching.followup.queries import OfficePage
from portal.coaching.followup.queries.office import Asked
from portal.coaching.followup.rules import IncomeSource
from portal.core.i18n import _
from portal.core.money import format_cents
from portal.core.spreadsheets import csv_bytes


def answers_csv(page: OfficePage) -> bytes:
    """One row a question, answered or not."""
    head = [
        _("Reference"), _("Project"), _("Organisation"), _("Months after the end"), _("State"), _("Does it go on?"),
        *(str(SOURCES[source]) for source in IncomeSource), _("People at work"), _("Of them, disadvantaged"),
        _("What helped"),
    ]  # fmt: skip
    return csv_bytes(head, (list(_cells(each)) for each in page.rows))


def _cells(asked: Asked) -> Iterator[object]:
    grant, answer = asked.row.grant, asked.row.answer
    yield from (grant.reference, grant.application.title, grant.organisation.name, asked.row.months)
    yield str(TOLD[asked.told])
    if answer is None:
        return
    yield _("Yes") if answer.is_alive else _("No")
    cents = {each.source: each.cents for each in answer.income}
    yield from (format_cents(cents.get(source, 0)) for source in IncomeSource)
    yield from (answer.jobs, answer.disadvantaged, answer.helped or "")
