"""Which notes somebody reads: the only place where notes are read."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, Role, allowed
from portal.coaching.models import CoachingNote, Engagement
from portal.coaching.notes.rules import Readers
from portal.core.actor import Actor
from portal.grants.queries import is_of_the_team


def notes_of(session: Session, actor: Actor, engagement: Engagement) -> Sequence[CoachingNote]:
    """The notes on a team that the actor may read, with all its coaches, the newest first; none for auditors, finance
    and evaluators. A new coach reads what earlier ones wrote for the office only where the officer said so.
    """
    if not allowed(actor, Action.NOTE_READ, engagement):
        return []
    seen: list[ColumnElement[bool]] = [
        CoachingNote.readers == Readers.SHARED,
        CoachingNote.author_id == actor.person_id,
    ]
    office = _of_the_office(actor, engagement)
    if office is not None:
        seen.append(office)
    query = (
        select(CoachingNote)
        .join(Engagement, Engagement.id == CoachingNote.engagement_id)
        .where(Engagement.application_id == engagement.application_id, or_(*seen))
        .options(joinedload(CoachingNote.author))
    )
    return session.scalars(query.order_by(CoachingNote.written_at.desc(), CoachingNote.id.desc())).all()


def _of_the_office(actor: Actor, engagement: Engagement) -> ColumnElement[bool] | None:
    """Notes for coach and office: all of them for an officer, unless of the team; a coach's are those of the own
    coaching, and earlier ones that were handed over. Whoever coaches the team later reads nothing through the page of
    an earlier coaching.
    """
    office = CoachingNote.readers == Readers.OFFICE
    if not allowed(actor, Action.NOTE_READ_OFFICE, engagement) or is_of_the_team(actor, engagement.organisation_id):
        return None
    if engagement.authority_id in actor.authorities_as(Role.OFFICER):
        return office
    if actor.person_id != engagement.coach_id:
        return None
    return office if engagement.hands_over_notes else office & (CoachingNote.engagement_id == engagement.id)
