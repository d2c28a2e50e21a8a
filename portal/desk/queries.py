"""What one person has to do, has under way, and should know: gathered from every room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Authority, Organisation
from portal.access.policy import Tie
from portal.access.queries import organisations_of
from portal.applications import queries as applications
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.coaching import queries as coaching
from portal.core.actor import Actor
from portal.desk import administration, data_protection
from portal.desk import organisations as documents
from portal.desk.rules import most_urgent_first
from portal.evaluation.queries import due as evaluation
from portal.grants import queries as grants
from portal.grants.models import Grant
from portal.milestones import queries as milestones
from portal.notices import due as memberships
from portal.notices.models import Notice
from portal.notices.queries import latest_notices
from portal.notices.rules import DueStep
from portal.payments import queries as payments

Source = Callable[[Session, Actor, datetime], list[DueStep]]
SOURCES: tuple[Source, ...] = (
    calls.due_steps,
    applications.due_steps,
    evaluation.due_steps,
    grants.due_steps,
    coaching.due_steps,
    milestones.due_steps,
    payments.due_steps,
    memberships.due_steps,
    administration.due_steps,
    data_protection.due_steps,
    documents.due_steps,
)
"""Every room that gives people something to do."""

MOST_UNDER_WAY = 12


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's desk."""

    steps: list[DueStep]
    organisations: Sequence[Organisation]
    applications: Sequence[Application]
    grants: Sequence[tuple[Grant, Application]]
    notices: Sequence[Notice]


def desk_of(session: Session, actor: Actor, now: datetime) -> Desk:
    """Due steps most urgent first, then what is under way, then the newest notices."""
    steps = [step for source in SOURCES for step in source(session, actor, now)]
    mine = organisations_of(session, actor)
    under_way = _under_way(session, mine)
    return Desk(
        steps=most_urgent_first(steps),
        organisations=mine,
        applications=[application for application, grant in under_way if grant is None],
        grants=[(grant, application) for application, grant in under_way if grant is not None],
        notices=latest_notices(session, actor),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody belongs: in words, and the authority whose look their desk has if it is one alone."""

    words: str = ""
    authority: Authority | None = None


def place_of(session: Session, actor: Actor) -> Place:
    """Where somebody belongs, for the head of the page: an authority, or the organisation."""
    homes = {authority for _, authority in actor.roles}
    if homes:
        query = select(Authority).where(Authority.id.in_(homes)).order_by(Authority.name)
        found = session.scalars(query).all()
        return Place(" · ".join(each.name for each in found[:2]), found[0] if len(found) == 1 else None)
    owned = actor.objects_tied_as(Tie.OWNER)
    if not owned:
        return Place()
    names = select(Organisation.name).where(Organisation.id.in_(owned)).order_by(Organisation.name)
    return Place(" · ".join(session.scalars(names).all()[:2]))


def _under_way(session: Session, mine: Sequence[Organisation]) -> list[tuple[Application, Grant | None]]:
    """Applications of these organisations, each with the grant that it became, what changed last first."""
    if not mine:
        return []
    query = (
        select(Application, Grant)
        .outerjoin(Grant, Grant.application_id == Application.id)
        .where(Application.organisation_id.in_([each.id for each in mine]))
        .where(Application.status != ApplicationStatus.WITHDRAWN)
        .options(joinedload(Application.call).load_only(Call.title))
        .order_by(Application.status_at.desc(), Application.id)
    )
    return [(application, grant) for application, grant in session.execute(query.limit(MOST_UNDER_WAY))]
