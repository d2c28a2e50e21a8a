"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.grants.rules import GrantActivated
from portal.milestones import operations


def plan_milestones(session: Session, event: GrantActivated) -> None:
    """A grant that becomes active gets its milestones."""
    operations.plan_milestones(session, grant_id=event.grant_id, actor=SYSTEM, now=event.at)
