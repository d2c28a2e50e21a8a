"""The portfolio as a table: one team a row, amounts as numbers."""

from collections.abc import Iterator, Sequence

from portal.coaching.maturity.labels import STAGES
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.core.spreadsheets import Euro, csv_bytes
from portal.core.workbooks import xlsx_parts
from portal.desk.portfolio.queries import STAGES as PLACES
from portal.desk.portfolio.rules import Team
from portal.grants.labels import LABELS

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(kind: str, teams: Sequence[Team]) -> bytes:
    """The table as a file of this kind."""
    head = [
        _("Reference"), _("Recipient"), _("Project"), _("Area"), _("State"), _("Stage"), _("Coach"),
        _("Minutes used"), _("Minutes allowed"), _("Last session"), _("Milestones done"), _("Milestones"),
        _("Next milestone"), _("Due on"), _("Awarded"), _("Paid"), _("Early warnings"),
    ]  # fmt: skip
    rows = (list(_cells(each)) for each in teams)
    return csv_bytes(head, rows) if kind == "csv" else b"".join(xlsx_parts(_("Portfolio"), head, rows))


def _cells(team: Team) -> Iterator[object]:
    yield from (team.reference, team.name, team.title, team.area or "", str(LABELS[team.status]))
    yield str(STAGES[PLACES[team.stage - 1]]) if team.stage else ""
    coached, step = team.coached, team.next_step
    yield from (coached.coach or "", coached.used, coached.allowance)
    yield format_day(coached.last_on) if coached.last_on else ""
    yield from (sum(each.is_done for each in team.steps), len(team.steps))
    yield from (step.title, format_day(step.due_on)) if step else ("", "")
    yield from (Euro(team.awarded_cents), Euro(team.paid_cents), " · ".join(map(team.say, team.warnings)))
