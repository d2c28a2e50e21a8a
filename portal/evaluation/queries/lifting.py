"""Conflicts that hold with an applicant, and those that an act lifted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, Tie, allowed
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.evaluation.models import Commission, ConflictLifting
from portal.evaluation.queries.naming import barred_from
from portal.evaluation.seating import ever_chaired


def held_apart(session: Session, *, application: Application, person_id: UUID) -> Sequence[Application]:
    """The applications of the same applicant to the same call from which a conflict keeps this person, oldest first.

    A conflict is carried from one phase of a call to the next; so it is lifted for all of them.
    """
    query = (
        select(Application)
        .where(Application.call_id == application.call_id, Application.organisation_id == application.organisation_id)
        .where(barred_from(person_id, Application.id))
        .options(joinedload(Application.organisation))
        .order_by(Application.id)
    )
    return session.scalars(query).all()


def may_lift(commission: Commission, person_id: UUID, actor: Actor) -> bool:
    """Whether the conflict of somebody is the actor's to lift: never their own.

    That of a chair, or where nobody presides, is the office's; everybody else's is of who presides.
    """
    if person_id == actor.person_id:
        return False
    if commission.chair is None or ever_chaired(commission, person_id):
        return allowed(actor, Action.COMMISSION_APPOINT, commission)
    return Tie.PRESIDES in actor.ties_to(commission.id) and allowed(actor, Action.CONFLICT_LIFT, commission)


def liftings_of(session: Session, phase_id: UUID) -> dict[tuple[UUID, UUID], list[ConflictLifting]]:
    """The acts that lifted the conflict of a person with an application of a phase, oldest first."""
    query = (
        select(ConflictLifting)
        .join(Application, Application.id == ConflictLifting.application_id)
        .where(Application.phase_id == phase_id)
        .order_by(ConflictLifting.at, ConflictLifting.id)
    )
    found: dict[tuple[UUID, UUID], list[ConflictLifting]] = {}
    for each in session.scalars(query):
        found.setdefault((each.application_id, each.person_id), []).append(each)
    return found
