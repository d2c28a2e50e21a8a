"""What maturity does when grants announce something; `portal.app` subscribes it."""

from sqlalchemy.orm import Session

from portal.coaching.maturity import operations
from portal.core.actor import SYSTEM
from portal.grants.changes.rules import GrantAmended
from portal.grants.rules import GrantActivated


def plan_moments(session: Session, event: GrantActivated | GrantAmended) -> None:
    """A grant that becomes active, or whose end moves, gets the moments at which its team is rated."""
    operations.plan_assessments(session, grant_id=event.grant_id, actor=SYSTEM, now=event.at)
