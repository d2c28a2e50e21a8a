"""What stands is written into the lines of an approved report; a refused document or result is free again."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.milestones.control.models import LineOutcome
from portal.milestones.control.rules import Outcome
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.operations.placing import leave_document
from portal.milestones.costs.rules import Claim


def settle_lines(session: Session, *, report: CostReport, outcomes: Iterable[LineOutcome]) -> None:
    """Every line stands as it is charged, but for those of which less was accepted."""
    session.execute(
        update(CostLine).where(CostLine.report_id == report.id).values(accepted_cents=CostLine.charged_cents)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    less = {each.line_number: each for each in outcomes if each.outcome is not Outcome.ACCEPTED}
    query = select(CostLine).where(CostLine.report_id == report.id, CostLine.number.in_(less))
    for line in session.scalars(query.execution_options(populate_existing=True)).all():
        line.accepted_cents = less[line.number].accepted_cents
        if less[line.number].outcome is Outcome.REFUSED:
            leave_document(session, line=line)
            line.claim = Claim.FREED
    session.flush()
