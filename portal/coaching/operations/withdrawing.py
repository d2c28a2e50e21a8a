"""A coach takes back what was logged wrong, as long as the team has not confirmed it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie
from portal.coaching.models import CoachingSession
from portal.coaching.queries import session_to_change
from portal.coaching.rules import LONGEST_REASON, WITHDRAW
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.core.written import written
from portal.grants.operations.news import tell_team

WHY = lazy_("Write why the session is taken back.")


def withdraw_session(
    session: Session, *, session_id: UUID, reason: str, actor: Actor, now: datetime
) -> CoachingSession:
    """Take back a session that waits or is disputed, with the reason: its hours count no more, and it can be logged
    anew. With several teams it is taken back for this one. Raises IllegalMove once it is confirmed.
    """
    row = session_to_change(session, actor, Action.SESSION_LOG, session_id)
    if row.coach_id != actor.person_id:
        raise NotFound
    reason = written(reason, most=LONGEST_REASON, field="reason", empty=WHY)
    before = row.status
    row.make(WITHDRAW, at=now)
    row.withdrawn_reason = reason
    record(session, at=now, actor=actor, event="coaching.withdraw", subject=row, before={"status": before},
           after={"status": row.status}, reason=reason)  # fmt: skip
    tell_team(
        session, organisation_id=row.engagement.organisation_id, path=f"/engagements/{row.engagement_id}", now=now,
        only=(Tie.OWNER,), message=lazy_("The session of %(instant)s was taken back: %(reason)s",
                                         instant=Instant(row.starts_at), reason=reason),
    )  # fmt: skip
    return row
