"""Proposing times, choosing one, moving, cancelling; the address of a coach's calendar. Never commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, authorise
from portal.coaching.agenda.queries import appointment_for, count_live, taken
from portal.coaching.agenda.rules import (
    AGREE,
    CANCEL,
    LONGEST_PLACE,
    LONGEST_REASON,
    MISS,
    AppointmentStatus,
    checked_link,
    checked_proposals,
)
from portal.coaching.agenda.telling import tell_agreed, tell_cancelled, tell_proposed
from portal.coaching.models import Appointment, Engagement, ProposedTime
from portal.coaching.rules import LONGEST, SHORTEST, SessionMode
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.core.text import clean_line
from portal.core.written import written

MOST_OPEN = 10


class TimeTaken(Conflict):
    """A coach agrees to one meeting at a time."""

    default = lazy_("The coach has another meeting at this time: choose another.")


class NotYours(Conflict):
    """Whoever proposed the times waits for the other side."""

    default = lazy_("The other side chooses among these times.")


def propose_meeting(
    session: Session, *, engagement_id: UUID, times: Sequence[datetime], minutes: int, mode: SessionMode, place: str,
    link: str, actor: Actor, now: datetime,
) -> Appointment:  # fmt: skip
    """Propose some times for a meeting, from either side: the other chooses one. Raises Invalid with the field."""
    engagement = session.get(Engagement, engagement_id)
    if engagement is None or engagement.until is not None:
        raise NotFound
    authorise(actor, Action.SESSION_PLAN, engagement)
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(
            lazy_("A session lasts from %(least)d to %(most)d minutes.", least=SHORTEST, most=LONGEST), "minutes"
        )
    if count_live(session, engagement.id) >= MOST_OPEN:
        raise Conflict(lazy_("%(most)d meetings are open already: log or cancel some first.", most=MOST_OPEN))
    row = Appointment(
        authority_id=engagement.authority_id, engagement_id=engagement.id, coach_id=engagement.coach_id,
        minutes=minutes, mode=mode, place=clean_line(place)[:LONGEST_PLACE], link=checked_link(link.strip()), round=1,
        asked_by_coach=actor.person_id == engagement.coach_id, sequence=0, made_at=now, made_by=actor.person_id,
        status=AppointmentStatus.PROPOSED, status_at=now,
    )  # fmt: skip
    row.engagement = engagement
    session.add(row)
    session.flush()
    _propose(session, row, times, "coaching.meeting_proposed", actor, now)
    return row


def propose_other_times(
    session: Session, *, appointment_id: UUID, times: Sequence[datetime], actor: Actor, now: datetime
) -> Appointment:
    """Propose other times, before or after one was agreed: until one is chosen, what was agreed stands."""
    row = appointment_for(session, actor, Action.SESSION_PLAN, appointment_id)
    if not row.is_live:
        raise NotFound
    row.round = max((each.round for each in row.times), default=0) + 1
    row.asked_by_coach = actor.person_id == row.coach_id
    _propose(session, row, times, "coaching.meeting_other_times", actor, now)
    return row


def choose_time(session: Session, *, appointment_id: UUID, time_id: UUID, actor: Actor, now: datetime) -> Appointment:
    """Choose one of the times that the other side proposed: the meeting is agreed, or moved there.

    Both sides get an invitation. Raises NotYours, TimeTaken, or Invalid for a time that has passed meanwhile.
    """
    row = appointment_for(session, actor, Action.SESSION_PLAN, appointment_id)
    chosen = next((each for each in row.open_times if each.id == time_id), None)
    if chosen is None:
        raise NotFound
    if row.asked_by_coach == (actor.person_id == row.coach_id):
        raise NotYours
    if chosen.starts_at <= now:
        raise Invalid(lazy_("This time has passed: choose another, or propose some."), None)
    session.scalars(select(Person).where(Person.id == row.coach_id).with_for_update()).one()
    ends_at = chosen.starts_at + timedelta(minutes=row.minutes)
    if taken(session, coach_id=row.coach_id, starts_at=chosen.starts_at, ends_at=ends_at, but=row.id) is not None:
        raise TimeTaken
    before = {"status": row.status, "starts_at": row.starts_at}
    row.sequence += 0 if row.starts_at is None else 1
    row.starts_at, row.round = chosen.starts_at, 0
    row.make(AGREE, at=now)
    record(session, at=now, actor=actor, event="coaching.meeting_agreed", subject=row, before=before,
           after={"status": row.status, "starts_at": row.starts_at})  # fmt: skip
    tell_agreed(session, row, now)
    return row


def cancel_meeting(session: Session, *, appointment_id: UUID, reason: str, actor: Actor, now: datetime) -> Appointment:
    """Cancel a meeting, with the reason that the other side reads; calendars that have it cancel it too."""
    row = appointment_for(session, actor, Action.SESSION_PLAN, appointment_id)
    reason = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why it is cancelled."))
    before = row.status
    row.make(CANCEL, at=now)
    row.reason, row.sequence = reason, row.sequence + 1
    record(session, at=now, actor=actor, event="coaching.meeting_cancelled", subject=row, before={"status": before},
           after={"status": row.status})  # fmt: skip
    tell_cancelled(session, row, actor, now)
    return row


def miss_meeting(session: Session, *, appointment_id: UUID, actor: Actor, now: datetime) -> Appointment:
    """The coach notes that the team did not come: no hours are used. Raises Conflict before its time is over."""
    row = appointment_for(session, actor, Action.SESSION_PLAN, appointment_id)
    if actor.person_id != row.coach_id:
        raise Forbidden
    if row.ends_at is None or row.ends_at > now:
        raise Conflict(lazy_("Its time is not over yet: a meeting to come is cancelled or moved."))
    before = row.status
    row.make(MISS, at=now)
    row.sequence += 1
    record(session, at=now, actor=actor, event="coaching.meeting_missed", subject=row, before={"status": before},
           after={"status": row.status})  # fmt: skip
    return row


def _propose(
    session: Session, row: Appointment, times: Sequence[datetime], event: str, actor: Actor, now: datetime
) -> None:
    found = checked_proposals(times, now)
    row.times.extend(ProposedTime(appointment_id=row.id, round=row.round, starts_at=each) for each in found)
    session.flush()
    record(session, at=now, actor=actor, event=event, subject=row, after={"times": found, "status": row.status})
    tell_proposed(session, row, [str(Instant(each)) for each in found], now)
