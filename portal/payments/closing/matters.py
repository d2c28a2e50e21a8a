"""What is still open on a grant: why it cannot be closed, and what its recipient could still send."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.grants.changes.rules import OPEN_AMENDMENTS, OPEN_PROCEEDINGS
from portal.grants.models import Amendment, Grant, Proceeding
from portal.grants.rules import GrantStatus
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import IN_CONTROL, CostReportStatus
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus
from portal.payments.closing.earning import has_no_way
from portal.payments.closing.figures import Figures
from portal.payments.closing.rules import CLOSABLE, Matter
from portal.payments.irregularities.models import Irregularity
from portal.payments.models import Tranche
from portal.payments.recoveries.claims import unasked_acts
from portal.payments.recoveries.models import Recovery
from portal.payments.recoveries.rules import RecoveryStatus
from portal.payments.rules import UNDER_WAY

UNSENT = "unsent"
"""Counted, and only told: a cost report that its recipient has not sent never waits for ever."""
BEING_WRITTEN = frozenset({CostReportStatus.DRAFT, CostReportStatus.RETURNED})


def _counts(grant_id: UUID) -> Iterator[tuple[str, Select[Any]]]:
    def of(model: Any, *wanted: Any) -> Select[Any]:
        return select(func.count(model.id)).where(model.grant_id == grant_id, *wanted)

    yield Matter.PROCEEDING, of(Proceeding, Proceeding.status.in_(OPEN_PROCEEDINGS))
    yield Matter.AMENDMENT, of(Amendment, Amendment.status.in_(OPEN_AMENDMENTS))
    yield Matter.IRREGULARITY, of(Irregularity, Irregularity.closed_at.is_(None))
    yield Matter.COST_REPORT, of(CostReport, CostReport.status.in_(IN_CONTROL))
    yield Matter.MILESTONE, of(Milestone, Milestone.status == MilestoneStatus.REPORTED)
    yield Matter.PAYMENT, of(Tranche, Tranche.status.in_(UNDER_WAY))
    yield Matter.CLAIM, select(func.count()).select_from(unasked_acts(grant_id).subquery())
    yield Matter.RECOVERY, of(Recovery, Recovery.status == RecoveryStatus.DECIDED)
    yield UNSENT, of(CostReport, CostReport.status.in_(BEING_WRITTEN))


def counted(session: Session, grant_id: UUID) -> dict[str, int]:
    """How much of each is open; one statement."""
    rows = [
        select(literal(str(name)).label("name"), query.scalar_subquery().label("found"))
        for name, query in _counts(grant_id)
    ]
    return {name: int(found) for name, found in session.execute(union_all(*rows)) if found}


def open_matters(grant: Grant, counts: dict[str, int], figures: Figures) -> list[Matter]:
    """What has to be settled before the final account can be approved, in the order in which it is said."""
    found = [Matter(name) for name in counts if name != UNSENT]
    if grant.status is GrantStatus.SUSPENDED:
        found.insert(0, Matter.SUSPENDED)
    elif grant.status not in CLOSABLE:
        found.insert(0, Matter.NOT_BEGUN)
    if has_no_way(figures.balance.to_pay, figures.tranches):
        found.append(Matter.LAST_TRANCHE)
    return found
