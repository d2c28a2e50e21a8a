"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.grants.changes.rules import GrantAmended, GrantEnded, MilestoneChange
from portal.grants.rules import GrantActivated
from portal.milestones import operations


def plan_milestones(session: Session, event: GrantActivated) -> None:
    """A grant that becomes active gets its milestones."""
    operations.plan_milestones(session, grant_id=event.grant_id, actor=SYSTEM, now=event.at)


def follow_the_plan(session: Session, event: GrantAmended) -> None:
    """A request changed a milestone: its title and day are those of the plan."""
    if isinstance(event.change, MilestoneChange):
        operations.replan_milestone(
            session, grant_id=event.grant_id, change=event.change, actor=event.actor, now=event.at
        )


def waive_what_is_left(session: Session, event: GrantEnded) -> None:
    """Nothing more is reported on a grant that is over."""
    operations.waive_milestones(session, grant_id=event.grant_id, actor=event.actor, now=event.at)
