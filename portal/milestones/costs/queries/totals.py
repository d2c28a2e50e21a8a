"""What the lines of a grant come to, category by category."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.calls.rules import CostRules
from portal.grants.changes.rules import Plan
from portal.milestones.costs.models import CostLine, CostReport
from portal.milestones.costs.rules import Claim, CostReportStatus
from portal.milestones.costs.rules.rates import with_rates
from portal.milestones.costs.rules.terms import Terms
from portal.milestones.costs.rules.totals import Agreed, CategoryTotal, category_totals


def charged_by_category(session: Session, report_id: UUID) -> tuple[dict[str, int], int]:
    """What the lines of a report charge, in cents; and how many they are."""
    query = select(CostLine.category, func.sum(CostLine.charged_cents), func.count())
    rows = session.execute(query.where(CostLine.report_id == report_id).group_by(CostLine.category)).all()
    return {category: int(cents) for category, cents, _count in rows}, sum(count for _, _, count in rows)


def reported_before(session: Session, report: CostReport, costs: CostRules) -> dict[str, int]:
    """What the other reports of the grant come to: as accepted where they are approved, else as charged; with rates.

    Rates are computed report by report, as each of them is approved by itself.
    """
    stands = func.coalesce(CostLine.accepted_cents, CostLine.charged_cents)
    query = (
        select(CostLine.report_id, CostLine.category, func.sum(stands))
        .join(CostReport, CostReport.id == CostLine.report_id)
        .where(CostReport.grant_id == report.grant_id, CostReport.id != report.id, CostLine.claim != Claim.FREED,
               CostReport.status != CostReportStatus.DRAFT)
        .group_by(CostLine.report_id, CostLine.category)
    )  # fmt: skip
    by_report: dict[UUID, dict[str, int]] = {}
    for other, category, cents in session.execute(query):
        by_report.setdefault(other, {})[category] = int(cents)
    found: dict[str, int] = {}
    for each in by_report.values():
        for category, cents in with_rates(costs, each).items():
            found[category] = found.get(category, 0) + cents
    return found


def totals_of(
    session: Session, report: CostReport, terms: Terms, plan: Plan | None, now: Mapping[str, int]
) -> list[CategoryTotal]:
    """Each category of a report: agreed, before, now, and what keeps it from being sent."""
    costs = report.grant.application.design.costs
    agreed = Agreed(costs, terms.rules, plan, terms.categories)
    return category_totals(agreed, now, reported_before(session, report, costs))
