"""Invariants of milestones: an accepted one has a report decided by somebody else; versions have no gaps."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.grants.checks import RUNNING
from portal.grants.models import Grant
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each milestone that says one thing and is another."""
    query = select(Milestone).options(selectinload(Milestone.reports), joinedload(Milestone.grant))
    for milestone in session.scalars(query.order_by(Milestone.grant_id, Milestone.number)):
        name = f"milestones: {milestone.grant.reference} number {milestone.number}"
        versions = [report.version for report in milestone.reports]
        if versions != list(range(1, len(versions) + 1)):
            yield f"{name} has the report versions {versions}"
        yield from _state(name, milestone)
    yield from _without_plan(session)


def _state(name: str, milestone: Milestone) -> Iterator[str]:
    report = milestone.report
    accepted = report is not None and report.decided_at is not None and not report.is_returned
    if milestone.status is MilestoneStatus.ACCEPTED and not accepted:
        yield f"{name} is accepted without an accepted report"
    if milestone.status is MilestoneStatus.REPORTED and (report is None or report.decided_at is not None):
        yield f"{name} is reported but has no report to decide"
    if milestone.status is MilestoneStatus.RETURNED and (report is None or not report.is_returned):
        yield f"{name} is returned without a reason"


def _without_plan(session: Session) -> Iterator[str]:
    query = select(Grant).outerjoin(Milestone, Milestone.grant_id == Grant.id)
    for grant in session.scalars(query.where(Grant.status.in_(RUNNING), Milestone.id.is_(None))):
        if grant.call.design.milestones:
            yield f"milestones: {grant.reference} is {grant.status} without its milestones"
