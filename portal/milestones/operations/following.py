"""Milestones follow the plan of their grant: changed by a request, waived when the grant is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.grants.changes.rules import MilestoneChange
from portal.milestones.models import Milestone
from portal.milestones.operations.refusals import ReportedAlready
from portal.milestones.rules import WAIVE


def replan_milestone(
    session: Session, *, grant_id: UUID, change: MilestoneChange, actor: Actor, now: datetime
) -> Milestone:
    """Title and day as the plan says from now on. Raises ReportedAlready once there is a report."""
    query = select(Milestone).where(Milestone.grant_id == grant_id, Milestone.key == change.key).with_for_update()
    milestone = session.scalars(query.execution_options(populate_existing=True)).one()
    if not milestone.may_be_planned:
        raise ReportedAlready
    before = {"title": milestone.title, "due_on": milestone.due_on}
    milestone.title, milestone.due_on = change.title, change.due_on
    after = {"title": change.title, "due_on": change.due_on}
    record(session, at=now, actor=actor, event="milestone.replanned", subject=milestone, before=before, after=after)
    return milestone


def waive_milestones(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> list[Milestone]:
    """Drop what was not accepted."""
    query = select(Milestone).where(Milestone.grant_id == grant_id, Milestone.status.in_(WAIVE.sources))
    found = list(session.scalars(query.order_by(Milestone.number).with_for_update()))
    for milestone in found:
        before = milestone.status
        milestone.make(WAIVE, at=now)
        record(session, at=now, actor=actor, event="milestone.waived", subject=milestone, before={"status": before},
               after={"status": milestone.status})  # fmt: skip
    return found
