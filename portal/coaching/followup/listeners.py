"""What the follow-up does when grants announce something; `portal.app` subscribes it."""

from sqlalchemy.orm import Session

from portal.coaching.followup import operations
from portal.core.actor import SYSTEM
from portal.grants.changes.rules import GrantAmended
from portal.grants.rules import GrantActivated


def plan_questions(session: Session, event: GrantActivated | GrantAmended) -> None:
    """A grant that becomes active, or whose end moves, gets the days on which it is asked after its end."""
    operations.plan_follow_ups(session, grant_id=event.grant_id, actor=SYSTEM, now=event.at)
