"""A coach logs what took place; the team is asked whether it did."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie, authorise
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.operations.refusals import Overlapping
from portal.coaching.queries import (
    overlapping,
)
from portal.coaching.rules import (
    LONGEST_SUMMARY,
    SessionMode,
    SessionStatus,
    checked_times,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.core.jobs import enqueue
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.operations.news import tell_team

WHAT_HAPPENED = lazy_("Write what happened, in one sentence at least.")


def log_session(
    session: Session,
    *,
    engagement_id: UUID,
    starts_at: datetime,
    minutes: int,
    mode: SessionMode,
    attendees: str,
    summary: str,
    next_step: str | None = None,
    next_step_owner: str | None = None,
    next_step_due: date | None = None,
    actor: Actor,
    now: datetime,
) -> CoachingSession:
    """Log a session that took place; the team confirms or disputes it, and its silence confirms it too.

    Raises Invalid with the field, or Overlapping; the database refuses the same (P21).
    """
    engagement = _engagement_of_the_coach(session, engagement_id, actor)
    row = CoachingSession(
        authority_id=engagement.authority_id,
        engagement_id=engagement.id,
        coach_id=engagement.coach_id,
        starts_at=starts_at,
        ends_at=_free_end(session, engagement, starts_at, minutes, now),
        minutes=minutes,
        mode=mode,
        attendees=clean_line(attendees)[:300],
        summary=written(summary, most=LONGEST_SUMMARY, field="summary", empty=WHAT_HAPPENED),
        next_step=clean_line(next_step or "")[:300] or None,
        next_step_owner=clean_line(next_step_owner or "")[:120] or None,
        next_step_due=next_step_due,
        logged_at=now,
        status=SessionStatus.HELD,
        status_at=now,
    )
    session.add(row)
    _tell_and_wait(session, engagement, row, actor, now)
    return row


def _free_end(session: Session, engagement: Engagement, starts_at: datetime, minutes: int, now: datetime) -> datetime:
    """When it ended, once it is known that the coach was nowhere else."""
    ends_at = checked_times(starts_at, minutes, now)
    other = overlapping(session, coach_id=engagement.coach_id, starts_at=starts_at, ends_at=ends_at)
    if other is None:
        return ends_at
    raise Overlapping(
        lazy_(
            "You have logged a session of %(minutes)d minutes from %(instant)s already: check day and time.",
            minutes=other.minutes,
            instant=Instant(other.starts_at),
        ),
        "starts_at",
    )


def _tell_and_wait(session: Session, engagement: Engagement, row: CoachingSession, actor: Actor, now: datetime) -> None:
    after = {"minutes": row.minutes, "starts_at": row.starts_at, "status": row.status}
    record(session, at=now, actor=actor, event=Action.SESSION_LOG, subject=row, after=after)
    silence = timedelta(days=engagement.application.design.coaching.silence_days)
    _ask_the_team(session, engagement, row, now)
    enqueue(session, "coaching.confirm_silent", now=now, run_at=now + silence, session_id=row.id)


def _engagement_of_the_coach(session: Session, engagement_id: UUID, actor: Actor) -> Engagement:
    engagement = session.get(Engagement, engagement_id)
    if engagement is None:
        raise NotFound
    authorise(actor, Action.SESSION_LOG, engagement)
    if engagement.coach_id != actor.person_id or engagement.until is not None:
        raise NotFound
    session.scalars(select(Person).where(Person.id == engagement.coach_id).with_for_update()).one()
    return engagement


def _ask_the_team(session: Session, engagement: Engagement, row: CoachingSession, now: datetime) -> None:
    silence = engagement.application.design.coaching.silence_days
    message = lazy_("%(coach)s has logged a session of %(minutes)d minutes: confirm it.", coach=engagement.coach.name,
                    minutes=row.minutes)  # fmt: skip
    tell_team(
        session, organisation_id=engagement.organisation_id, message=message, path=f"/engagements/{engagement.id}",
        now=now, template="coaching/session_logged", only=(Tie.OWNER,), row=row, silence=silence,
        coach=engagement.coach,
    )  # fmt: skip
