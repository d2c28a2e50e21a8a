"""A coach logs what took place, with one team or several; each team is asked whether it did."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie, authorise
from portal.coaching.agenda.rules import HOLD
from portal.coaching.models import Appointment, CoachingSession, Engagement
from portal.coaching.next_steps.operations import StepAsked, agree_on_steps
from portal.coaching.operations.limits import must_be_of_one_office, must_be_within_allowance, must_be_within_days
from portal.coaching.operations.refusals import Overlapping
from portal.coaching.queries import overlapping
from portal.coaching.rules import LONGEST_SUMMARY, SessionMode, SessionStatus, checked_times
from portal.coaching.topics import topics_of
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.db import new_id
from portal.core.errors import Invalid, NotFound
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
    topics: Collection[str] = (),
    steps: Sequence[StepAsked] = (),
    together_with: Collection[UUID] = (),
    appointment_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> CoachingSession:
    """Log a session that took place; the team confirms or disputes it, and its silence confirms it too.

    `together_with`: engagements of further teams that were there: each answers for itself, the coach is paid once.
    Raises Invalid with the field, or Overlapping; the database refuses the same (P21).
    """
    engagement = _engagement_of_the_coach(session, engagement_id, actor)
    others = [_engagement_of_the_coach(session, each, actor) for each in sorted(set(together_with) - {engagement_id})]
    must_be_of_one_office(engagement=engagement, others=others)
    held = {
        "starts_at": starts_at, "ends_at": _free_end(session, engagement, starts_at, minutes, now), "minutes": minutes,
        "mode": mode, "attendees": clean_line(attendees)[:300], "topics": _known(topics, engagement),
        "summary": written(summary, most=LONGEST_SUMMARY, field="summary", empty=WHAT_HAPPENED),
        "joint_id": new_id() if others else None,
    }  # fmt: skip
    rows = [_keep(session, each, held, actor, now) for each in (engagement, *others)]
    _keep_the_appointment(session, appointment_id, rows[0], actor, now)
    agree_on_steps(session, engagement=engagement, session_id=rows[0].id, steps=steps, actor=actor, now=now)
    return rows[0]


def _keep(
    session: Session, engagement: Engagement, held: dict[str, Any], actor: Actor, now: datetime
) -> CoachingSession:
    """The session as one team answers for it."""
    must_be_within_days(engagement=engagement, starts_at=held["starts_at"])
    must_be_within_allowance(session, engagement=engagement, minutes=held["minutes"])
    row = CoachingSession(
        authority_id=engagement.authority_id, engagement_id=engagement.id, coach_id=engagement.coach_id,
        logged_at=now, status=SessionStatus.HELD, status_at=now, **held,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell_and_wait(session, engagement, row, actor, now)
    return row


def _known(topics: Collection[str], engagement: Engagement) -> list[str]:
    """The topics ticked, in the order of the call; Invalid for one that it does not have."""
    offered = topics_of(engagement.application.design)
    if not set(topics) <= offered.keys():
        raise Invalid(lazy_("Choose topics from the list."), "topics")
    return [key for key in offered if key in topics]


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


def _keep_the_appointment(
    session: Session, appointment_id: UUID | None, row: CoachingSession, actor: Actor, now: datetime
) -> None:
    """The meeting that was agreed took place: it is this session. One that is still to come stays agreed."""
    query = select(Appointment).where(Appointment.id == appointment_id, Appointment.engagement_id == row.engagement_id)
    found = session.scalars(query.with_for_update()).one_or_none() if appointment_id else None
    if found is None or not found.is_agreed or found.starts_at is None or found.starts_at > now:
        return
    before = found.status
    found.session_id = row.id
    found.make(HOLD, at=now)
    record(session, at=now, actor=actor, event="coaching.appointment_held", subject=found, before={"status": before},
           after={"status": found.status})  # fmt: skip


def _ask_the_team(session: Session, engagement: Engagement, row: CoachingSession, now: datetime) -> None:
    silence = engagement.application.design.coaching.silence_days
    message = lazy_("%(coach)s has logged a session of %(minutes)d minutes: confirm it.", coach=engagement.coach.name,
                    minutes=row.minutes)  # fmt: skip
    tell_team(
        session, organisation_id=engagement.organisation_id, message=message, path=f"/engagements/{engagement.id}",
        now=now, template="coaching/session_logged", only=(Tie.OWNER,), row=row, silence=silence,
        coach=engagement.coach,
    )  # fmt: skip
