"""Reading coaching: one engagement with its sessions, and who may see it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Person
from portal.access.policy import Action, Role, authorise
from portal.access.queries import MEMBER_TIES, people_tied, people_with_role
from portal.applications.models import Application
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.rules import COUNTED
from portal.core.actor import Actor
from portal.core.errors import NotFound

WITH_PEOPLE = (
    joinedload(Engagement.organisation),
    joinedload(Engagement.coach),
    joinedload(Engagement.application).joinedload(Application.call),
)


def engagement_to_read(session: Session, actor: Actor, engagement_id: UUID) -> Engagement:
    """An engagement that the actor may read, with its sessions; NotFound otherwise."""
    query = select(Engagement).options(*WITH_PEOPLE, selectinload(Engagement.sessions))
    engagement = session.scalars(query.where(Engagement.id == engagement_id)).one_or_none()
    if engagement is None:
        raise NotFound
    authorise(actor, Action.COACHING_READ, engagement)
    return engagement


def session_to_change(session: Session, actor: Actor, action: Action, session_id: UUID) -> CoachingSession:
    """A session locked for a change that the actor may make; NotFound otherwise."""
    query = select(CoachingSession).where(CoachingSession.id == session_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def session_for(session: Session, actor: Actor, action: Action, session_id: UUID) -> CoachingSession:
    """A session to which the actor may do this; NotFound otherwise."""
    found = session.get(CoachingSession, session_id)
    if found is None:
        raise NotFound
    authorise(actor, action, found)
    return found


def application_to_coach(session: Session, actor: Actor, application_id: UUID) -> Application:
    """The application to which a coach may be assigned by this actor; NotFound otherwise."""
    query = select(Application).options(joinedload(Application.organisation), joinedload(Application.call))
    application = session.scalars(query.where(Application.id == application_id)).one_or_none()
    if application is None:
        raise NotFound
    authorise(actor, Action.COACH_ASSIGN, application)
    return application


def engagement_of(session: Session, application_id: UUID) -> Engagement | None:
    """The live engagement of an application."""
    query = select(Engagement).where(Engagement.application_id == application_id, Engagement.until.is_(None))
    return session.scalars(query.options(joinedload(Engagement.coach))).one_or_none()


def coaches_of(session: Session, authority_id: UUID, now: datetime) -> Sequence[Person]:
    """The coaches of an authority, by name."""
    return people_with_role(session, Role.COACH, authority_id, now)


def members_of(session: Session, engagement: Engagement, now: datetime) -> Sequence[Person]:
    """The people of the team, by name: who may have been there."""
    return people_tied(session, engagement.organisation_id, MEMBER_TIES, now)


def overlapping(session: Session, *, coach_id: UUID, starts_at: datetime, ends_at: datetime) -> CoachingSession | None:
    """A session of this coach at that time, if any."""
    query = select(CoachingSession).where(
        CoachingSession.coach_id == coach_id,
        CoachingSession.status.in_(COUNTED),
        CoachingSession.starts_at < ends_at,
        CoachingSession.ends_at > starts_at,
    )
    return session.scalars(query.order_by(CoachingSession.starts_at)).first()
