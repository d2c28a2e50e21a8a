"""Plans of who scores what."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, allowed
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Assignment, Distribution


def newest_distribution(session: Session, phase_id: UUID) -> Distribution | None:
    """The last plan of a phase, in force or not."""
    query = select(Distribution).where(Distribution.phase_id == phase_id).order_by(Distribution.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def distribution_for_update(session: Session, distribution_id: UUID) -> Distribution:
    """A plan, locked; NotFound when there is none."""
    query = select(Distribution).where(Distribution.id == distribution_id)
    found = session.scalars(
        query.with_for_update(of=Distribution).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def home_of_distribution(session: Session, actor: Actor, distribution_id: UUID) -> tuple[str, str]:
    """The call and the phase of a plan; NotFound for others."""
    query = select(Distribution.phase_id).where(Distribution.id == distribution_id)
    return _home(session, actor, session.scalar(query))


def home_of_assignment(session: Session, actor: Actor, assignment_id: UUID) -> tuple[str, str]:
    """The call and the phase of an assignment; NotFound for others, and for whoever is in conflict."""
    query = (
        select(Application.phase_id)
        .join(Assignment, Assignment.application_id == Application.id)
        .where(Assignment.id == assignment_id, Application.id.not_in(actor.objects_tied_as(Tie.CONFLICTED)))
    )
    return _home(session, actor, session.scalar(query))


def _home(session: Session, actor: Actor, phase_id: UUID | None) -> tuple[str, str]:
    phase = session.get(Phase, phase_id) if phase_id is not None else None
    if phase is None or not allowed(actor, Action.RANKING_READ, phase.call):
        raise NotFound
    return phase.call.slug, phase.key
