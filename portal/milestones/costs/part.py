"""The cost reports of a grant, on its page."""

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed
from portal.core.actor import Actor
from portal.core.i18n import _
from portal.core.instants import format_day
from portal.core.money import format_money
from portal.grants.models import Grant
from portal.grants.parts import GrantPart, PartLine
from portal.milestones.costs.labels import LABELS, TONES
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries import is_reported
from portal.milestones.costs.queries.reports import reports_of


def cost_part(session: Session, actor: Actor, grant: Grant) -> GrantPart | None:
    """Each report with its state; nothing before the project begins."""
    if not grant.starts_on or not allowed(actor, Action.COST_READ, grant):
        return None
    lines = tuple(_line(report) for report in reports_of(session, grant.id))
    may_write = is_reported(grant) and allowed(actor, Action.COST_WRITE, grant)
    return GrantPart(
        key="costs", title=_("Cost reports"), lines=lines, empty=_("No cost was reported yet."),
        url=f"/grants/{grant.id}/costs" if lines or may_write else None,
        button=_("Report costs") if may_write else _("All cost reports"),
    )  # fmt: skip


def _line(report: CostReport) -> PartLine:
    days = {"from_on": format_day(report.from_on), "until_on": format_day(report.until_on)}
    amount = format_money(report.claimed_cents if report.accepted_cents is None else report.accepted_cents)
    note = _("costs paid from %(from_on)s to %(until_on)s", **days)
    return PartLine(
        label=_("Cost report %(number)d", number=report.number), url=f"/costs/{report.id}",
        state=str(LABELS[report.status]), tone=TONES[report.status],
        note=f"{note} · {amount}" if report.version else note,
    )  # fmt: skip
