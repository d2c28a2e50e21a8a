"""Who presides over another commission reads nothing of this one: the role of chair opens the own commission alone."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Role, Tie
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.evaluation.models import Commission

STAFF = (Role.OFFICER, Role.AUDITOR)
SEATS = frozenset({str(Tie.COMMISSION), str(Tie.SECRETARY)})


def is_chair_elsewhere(session: Session, actor: Actor, phase: Phase) -> bool:
    """Whether the actor is here by the role of chair alone, and has no seat on the commission of the phase.

    Where nobody was appointed, as where a call computes everything, the role is enough.
    """
    home: UUID = phase.call.authority_id
    if (Role.CHAIR.value, home) not in actor.roles or any((each.value, home) in actor.roles for each in STAFF):
        return False
    commission_id = session.scalar(select(Commission.id).where(Commission.phase_id == phase.id))
    return commission_id is not None and not SEATS & actor.ties_to(commission_id)


def must_not_be_chair_elsewhere(session: Session, actor: Actor, phase: Phase) -> None:
    """Refuse whoever presides over another commission. Raises Forbidden."""
    if is_chair_elsewhere(session, actor, phase):
        raise Forbidden
