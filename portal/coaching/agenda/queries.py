"""Reading the agenda: the meetings to come of a team, of a coach, and whom an address of a calendar belongs to."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation, Person, RoleGrant
from portal.access.policy import Action, Role, Tie, authorise
from portal.coaching.agenda.rules import LIVE, AppointmentStatus
from portal.coaching.models import Appointment, CalendarFeed, CoachConflict, Engagement
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import _
from portal.core.instants import format_instant
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

SHOWN_FOR = timedelta(days=60)
"""How long the past stays in the feed, and on the page of a team."""
WITH_TEAM = (
    joinedload(Appointment.engagement).joinedload(Engagement.organisation),
    joinedload(Appointment.coach),
)


def agenda_of(session: Session, engagement: Engagement) -> Sequence[Appointment]:
    """The meetings of a team that are still to come or to be logged, the next first: one statement."""
    query = select(Appointment).where(Appointment.engagement_id == engagement.id, Appointment.status.in_(LIVE))
    query = query.options(joinedload(Appointment.times)).order_by(Appointment.starts_at, Appointment.id)
    return session.scalars(query).unique().all()


def appointment_to_log(agenda: Sequence[Appointment], now: datetime) -> Appointment | None:
    """The last agreed meeting whose time is over: what the log begins with."""
    over = [each for each in agenda if each.is_agreed and each.ends_at is not None and each.ends_at <= now]
    return over[-1] if over else None


def appointment_for(session: Session, actor: Actor, action: Action, appointment_id: UUID) -> Appointment:
    """A meeting locked for a change that the actor may make; NotFound otherwise."""
    query = select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def appointment_to_read(session: Session, actor: Actor, appointment_id: UUID) -> Appointment:
    """A meeting that the actor may move or cancel; NotFound otherwise."""
    query = select(Appointment).options(*WITH_TEAM).where(Appointment.id == appointment_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.SESSION_PLAN, found)
    return found


def taken(session: Session, *, coach_id: UUID, starts_at: datetime, ends_at: datetime, but: UUID) -> Appointment | None:
    """Another agreed meeting of the coach at this time, if any."""
    query = select(Appointment).where(
        Appointment.coach_id == coach_id,
        Appointment.status == AppointmentStatus.AGREED,
        Appointment.id != but,
        Appointment.starts_at < ends_at,
        Appointment.starts_at > starts_at - timedelta(days=1),
    )
    return next((each for each in session.scalars(query) if each.ends_at and each.ends_at > starts_at), None)


def meetings_of_coach(session: Session, coach_id: UUID, now: datetime) -> Sequence[Appointment]:
    """What a coach's calendar shows: agreed meetings, and those that were cancelled after that; nothing of a team from
    which they stand apart.
    """
    apart = select(CoachConflict.organisation_id).where(CoachConflict.person_id == coach_id)
    query = (
        select(Appointment)
        .join(Engagement, Engagement.id == Appointment.engagement_id)
        .where(Appointment.coach_id == coach_id, Appointment.starts_at > now - SHOWN_FOR)
        .where(Engagement.organisation_id.not_in(apart))
        .options(*WITH_TEAM)
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return session.scalars(query).all()


def live_feed(session: Session, person_id: UUID | None) -> CalendarFeed | None:
    """The address of a coach's calendar that works now."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query).one_or_none()


def coach_of_feed(session: Session, feed_id: UUID, now: datetime) -> Person:
    """Whose calendar an address reads; NotFound once it is revoked, or its person is no coach any more."""
    works = RoleGrant.person_id == Person.id, RoleGrant.role == Role.COACH, RoleGrant.since <= now
    query = (
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.id == feed_id, CalendarFeed.revoked_at.is_(None), Person.disabled_at.is_(None))
        .where(select(RoleGrant.id).where(*works, (RoleGrant.until.is_(None)) | (RoleGrant.until > now)).exists())
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Times to choose from, and meetings that are over and wait for their log."""
    here = select(*line(id=Appointment.engagement_id, name=Organisation.name, at=Appointment.starts_at)).select_from(
        Appointment
    )
    joined = here.join(Engagement, Engagement.id == Appointment.engagement_id).join(
        Organisation, Organisation.id == Engagement.organisation_id
    )
    order = (Appointment.starts_at, Appointment.id)
    if actor.objects_tied_as(Tie.COACHES):
        apart = actor.objects_tied_as(Tie.CONFLICTED)
        mine = joined.where(Appointment.coach_id == actor.person_id, Engagement.organisation_id.not_in(apart))
        yield Ask(mine.where(Appointment.status == AppointmentStatus.AGREED, Appointment.starts_at < now), order, _log)
        asked = mine.where(Appointment.status.in_(LIVE), Appointment.asked_by_coach == literal(False))
        yield Ask(asked.where(Appointment.round > 0), order, _choose)
    owned = actor.objects_tied_as(Tie.OWNER)
    if owned:
        ours = joined.where(Engagement.organisation_id.in_(owned), Appointment.status.in_(LIVE))
        yield Ask(ours.where(Appointment.asked_by_coach, Appointment.round > 0), order, _choose)


def _log(found: Any) -> DueStep:
    return DueStep(
        what=_("Log the meeting of %(instant)s", instant=format_instant(found.at)),
        button=_("Log"),
        path=f"/engagements/{found.id}#log",
        why=_("Its time is over. If it did not take place, say so there."),
        place=found.name,
    )


def _choose(found: Any) -> DueStep:
    return DueStep(
        what=_("Choose a time for the meeting"),
        button=_("Choose"),
        path=f"/engagements/{found.id}#agenda",
        why=_("Times were proposed: the meeting stands once one is chosen."),
        place=found.name,
    )


def count_live(session: Session, engagement_id: UUID) -> int:
    """Meetings of a team that are open."""
    query = select(func.count(Appointment.id)).where(Appointment.engagement_id == engagement_id)
    return session.scalar(query.where(Appointment.status.in_(LIVE))) or 0
