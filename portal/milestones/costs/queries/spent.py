"""What is spent and approved, by grant."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import CostReportStatus


def approved_spending(session: Session, grant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Accepted cents of the approved reports of each grant; a grant without one is not in the answer."""
    query = select(CostReport.grant_id, func.sum(CostReport.accepted_cents)).where(
        CostReport.grant_id.in_(set(grant_ids)), CostReport.status == CostReportStatus.APPROVED
    )
    return {grant: int(cents or 0) for grant, cents in session.execute(query.group_by(CostReport.grant_id))}
