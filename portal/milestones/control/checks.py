"""Invariants of the control: samples repeat, what is accepted is what was found, two people stand behind it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.grants.models import Grant
from portal.milestones.control.models import ControlProposal
from portal.milestones.control.queries import control_of, people_of
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
        if sample is not None and drawn(sample.sampling, control.lines) != sample.drawn:
            yield f"{name}: the lines drawn are not those that its method draws"
        if report.status is CostReportStatus.APPROVED:
            yield from _approved(session, name, report, control.proposal, control.accepted_cents)


def _approved(
    session: Session, name: str, report: CostReport, proposal: ControlProposal | None, accepted_cents: int
) -> Iterator[str]:
    if report.accepted_cents != accepted_cents:
        yield f"{name} says {report.accepted_cents} cents accepted, its outcomes say {accepted_cents}"
    if proposal is None or proposal.approved_by != report.decided_by:
        yield f"{name} is approved without the approval of its control"
    elif report.decided_by in people_of(session, report):
        yield f"{name} was approved by somebody who controlled it"
