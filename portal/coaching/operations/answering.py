"""The team confirms a session or says what is not right; silence confirms it after the days of the call."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.coaching.models import CoachingSession
from portal.coaching.queries import (
    session_to_change,
)
from portal.coaching.rules import (
    CONFIRM,
    CONFIRM_BY_SILENCE,
    DISPUTE,
    LONGEST_REASON,
    SessionStatus,
)
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.i18n import lazy_
from portal.core.jobs import handler
from portal.core.written import written
from portal.grants.apart import TwoPeople
from portal.grants.operations.news import tell_people

WHAT_IS_WRONG = lazy_("Write what is not right.")


def confirm_session(session: Session, *, session_id: UUID, actor: Actor, now: datetime) -> CoachingSession:
    """The team confirms a session, also one that it had disputed; from then on it does not change (P21)."""
    row = session_to_change(session, actor, Action.SESSION_ANSWER, session_id)
    if actor.person_id == row.coach_id:
        raise TwoPeople
    before = row.status
    row.make(CONFIRM, at=now)
    row.answered_by = actor.person_id
    record(
        session, at=now, actor=actor, event="coaching.confirm", subject=row, before={"status": before},
        after={"status": row.status},
    )  # fmt: skip
    return row


def dispute_session(session: Session, *, session_id: UUID, reason: str, actor: Actor, now: datetime) -> CoachingSession:
    """The team says what is not right; the coach is told, and the team may still confirm later."""
    row = session_to_change(session, actor, Action.SESSION_ANSWER, session_id)
    if actor.person_id == row.coach_id:
        raise TwoPeople
    reason = written(reason, most=LONGEST_REASON, field="reason", empty=WHAT_IS_WRONG)
    before = row.status
    row.make(DISPUTE, at=now)
    row.answered_by, row.dispute_reason = actor.person_id, reason
    record(
        session, at=now, actor=actor, event="coaching.dispute", subject=row, before={"status": before},
        after={"status": row.status}, reason=reason,
    )  # fmt: skip
    engagement = row.engagement
    message = lazy_("%(team)s disputes a session: read why.", team=engagement.organisation.name)
    tell_people(
        session, people=[engagement.coach], message=message, path=f"/engagements/{engagement.id}", now=now,
        template="coaching/session_disputed", team=engagement.organisation.name, row=row,
    )  # fmt: skip
    return row


@handler("coaching.confirm_silent")
def confirm_silent(session: Session, *, now: datetime, session_id: str) -> None:
    """A session that the team left unanswered for the days of the call counts as confirmed; any other stays."""
    query = select(CoachingSession).where(CoachingSession.id == UUID(session_id)).with_for_update()
    row = session.scalars(query).one()
    if row.status is not SessionStatus.HELD:
        return
    row.make(CONFIRM_BY_SILENCE, at=now)
    record(
        session, at=now, actor=SYSTEM, event="coaching.confirmed_by_silence", subject=row,
        before={"status": SessionStatus.HELD}, after={"status": row.status},
    )  # fmt: skip
