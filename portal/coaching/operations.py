"""Changing coaching: a coach for a team, sessions logged, confirmed or disputed. Never commits."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie, authorise
from portal.access.ties import tie
from portal.applications.rules import ApplicationStatus
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.queries import (
    application_to_coach,
    coaches_of,
    engagement_of,
    members_of,
    overlapping,
    session_to_change,
)
from portal.coaching.rules import (
    CONFIRM,
    CONFIRM_BY_SILENCE,
    DISPUTE,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    SessionMode,
    SessionStatus,
    checked_times,
)
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.core.jobs import enqueue, handler
from portal.core.text import clean_line, clean_text
from portal.core.unit_of_work import violation
from portal.grants.operations.apart import TwoPeople
from portal.grants.operations.news import tell_people, tell_team


class NotFunded(Conflict):
    """Only funded teams are accompanied."""

    default = lazy_("A coach accompanies funded applications: this one is not.")


class HasACoach(Conflict):
    """One live engagement for each application."""

    default = lazy_("This team has its coach already.")


class Overlapping(Conflict):
    """A coach is in one place at a time (P21)."""

    default = lazy_("You have logged another session at this time. Check day, time and minutes.")


class AlreadyConfirmed(Conflict):
    """A confirmed session does not change any more (P21)."""

    default = lazy_("This session is confirmed: it does not change any more.")


violation("overlapping session", Overlapping)
violation("confirmed session", AlreadyConfirmed)
violation("uq_engagement_live", HasACoach)
violation("ck_coaching_session_two_people", TwoPeople)
violation("ck_coaching_session_not_in_the_future", lambda: Invalid(lazy_("A session is logged once it is over.")))

WHAT_HAPPENED = lazy_("Write what happened, in one sentence at least.")
WHAT_IS_WRONG = lazy_("Write what is not right.")


def engage_coach(session: Session, *, application_id: UUID, coach_id: UUID, actor: Actor, now: datetime) -> Engagement:
    """Give a funded team its coach, with the allowance that the call declares.

    Raises NotFunded, HasACoach, or Invalid when the person is no coach of the authority or belongs to the team.
    """
    application = application_to_coach(session, actor, application_id)
    if application.status is not ApplicationStatus.FUNDED:
        raise NotFunded
    if engagement_of(session, application.id) is not None:
        raise HasACoach
    coach = next((each for each in coaches_of(session, application.authority_id, now) if each.id == coach_id), None)
    if coach is None:
        raise Invalid(lazy_("Choose a coach from the list."), "coach_id")
    engagement = Engagement(
        authority_id=application.authority_id,
        application_id=application.id,
        organisation_id=application.organisation_id,
        coach_id=coach.id,
        allowance_minutes=application.call.design.coaching.allowance_minutes,
        since=now,
    )
    if any(member.id == coach.id for member in members_of(session, engagement, now)):
        raise Invalid(lazy_("This coach belongs to the team: choose somebody else."), "coach_id")
    session.add(engagement)
    session.flush()
    _bind(session, engagement, now)
    after = {"coach": coach.id, "allowance_minutes": engagement.allowance_minutes}
    record(session, at=now, actor=actor, event=Action.COACH_ASSIGN, subject=engagement, after=after)
    _introduce(session, engagement, coach, now)
    return engagement


def _bind(session: Session, engagement: Engagement, now: datetime) -> None:
    for kind, object_id in (("application", engagement.application_id), ("organisation", engagement.organisation_id)):
        tie(
            session, person_id=engagement.coach_id, tie=Tie.COACHES, object_type=kind, object_id=object_id, now=now
        )  # fmt: skip


def _introduce(session: Session, engagement: Engagement, coach: Person, now: datetime) -> None:
    path = f"/engagements/{engagement.id}"
    name = engagement.application.organisation.name
    message = lazy_("You accompany %(team)s.", team=name)
    tell_people(
        session,
        people=[coach],
        message=message,
        path=path,
        now=now,
        template="coaching/engaged",
        team=name,
        coach=coach,
    )
    tell_team(
        session, organisation_id=engagement.organisation_id, path=path, now=now, template="coaching/engaged",
        message=lazy_("%(coach)s is your coach.", coach=coach.name), team=name, coach=coach,
    )  # fmt: skip


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
        summary=_checked_text(summary, LONGEST_SUMMARY, "summary", WHAT_HAPPENED),
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
    silence = timedelta(days=engagement.application.call.design.coaching.silence_days)
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


def _checked_text(text: str, most: int, field: str, empty: object) -> str:
    text = clean_text(text)
    if not clean_line(text):
        raise Invalid(empty, field)
    if len(text) > most:
        raise Invalid(lazy_("At most %(most)d characters, these are %(n)d.", most=most, n=len(text)), field)
    return text


def _ask_the_team(session: Session, engagement: Engagement, row: CoachingSession, now: datetime) -> None:
    silence = engagement.application.call.design.coaching.silence_days
    message = lazy_("%(coach)s has logged a session of %(minutes)d minutes: confirm it.", coach=engagement.coach.name,
                    minutes=row.minutes)  # fmt: skip
    tell_team(
        session, organisation_id=engagement.organisation_id, message=message, path=f"/engagements/{engagement.id}",
        now=now, template="coaching/session_logged", only=(Tie.OWNER,), row=row, silence=silence,
        coach=engagement.coach,
    )  # fmt: skip


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
    reason = _checked_text(reason, LONGEST_REASON, "reason", WHAT_IS_WRONG)
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
