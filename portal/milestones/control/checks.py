"""Invariants of the control: samples repeat, what is accepted is what was found, two people stand behind it."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.grants.models import Grant
from portal.milestones.control.models import ControlProposal, ControlSample
from portal.milestones.control.queries import Control, control_of, people_of
from portal.milestones.control.sampling import drawn
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import IN_CONTROL, CostReportStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each report whose control says one thing and is another."""
    kept = (*IN_CONTROL, CostReportStatus.APPROVED)
    query = select(CostReport).options(joinedload(CostReport.grant).joinedload(Grant.application))
    for report in session.scalars(query.where(CostReport.status.in_(kept)).order_by(CostReport.id)):
        control = control_of(session, report)
        name = f"control: report {report.number} of {report.grant.reference}"
        sample = control.sample
        if sample is not None:
            yield from _drawn(name, control, sample)
        if report.status is CostReportStatus.APPROVED:
            yield from _approved(session, name, report, control.proposal, control.accepted_cents)
            yield from _projected(name, control)


def _drawn(name: str, control: Control, sample: ControlSample) -> Iterator[str]:
    more = sum(len(each.drawn) for each in control.widenings)
    if drawn(sample.sampling, control.lines) != sample.drawn:
        yield f"{name}: the lines drawn are not those that its method draws"
    elif drawn(sample.sampling, control.lines, more) != control.drawn:
        yield f"{name}: the lines drawn afterwards are not the next ones of its method"


def _approved(
    session: Session, name: str, report: CostReport, proposal: ControlProposal | None, accepted_cents: int
) -> Iterator[str]:
    if report.accepted_cents != accepted_cents:
        yield f"{name} says {report.accepted_cents} cents accepted, its outcomes say {accepted_cents}"
    if proposal is None or proposal.approved_by != report.decided_by:
        yield f"{name} is approved without the approval of its control"
    elif report.decided_by in people_of(session, report):
        yield f"{name} was approved by somebody who controlled it"


def _projected(name: str, control: Control) -> Iterator[str]:
    """What was estimated is recomputed from the outcomes; nothing is approved with too much of it."""
    proposal, projection = control.proposal, control.projection
    if proposal is None or proposal.projected_cents is None or projection is None:
        return
    if proposal.projected_cents != projection.projected_cents:
        yield f"{name} estimated {proposal.projected_cents} cents, its outcomes say {projection.projected_cents}"
    limit = (proposal.projection or {}).get("materiality")
    if projection.is_beyond(Decimal(limit) if limit else None):
        yield f"{name} was approved with more error in the lines not looked at than its call allows"
