"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.operations.members import KeptApart
from portal.access.rules.members import MemberJoining
from portal.coaching.models import Engagement
from portal.core.i18n import lazy_


def keep_coach_apart(session: Session, event: MemberJoining) -> None:
    """The coach of a team does not become a member of it: nobody confirms their own hours."""
    query = select(Engagement.id).where(
        Engagement.coach_id == event.person_id,
        Engagement.organisation_id.in_(event.organisation_ids),
        Engagement.until.is_(None),
    )
    if session.scalars(query.limit(1)).first() is None:
        return
    why = lazy_("You coach this team: somebody else has to before you can become a member.")
    raise KeptApart(why if event.asks else None)
