"""Who sits on a commission, and who may be given a seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from portal.access.models import Person
from portal.access.policy import Role
from portal.access.queries import people_with_role
from portal.core.errors import NotFound
from portal.evaluation.models import Commission, CommissionMember


@dataclass(frozen=True, slots=True)
class Offered:
    """Who may have which seat, by name."""

    chairs: Sequence[Person]
    evaluators: Sequence[Person]
    secretaries: Sequence[Person]


def commission_of(session: Session, phase_id: UUID) -> Commission | None:
    """The commission of a phase with everybody ever appointed, if it was appointed."""
    query = select(Commission).where(Commission.phase_id == phase_id).options(*with_people())
    return session.scalars(query).one_or_none()


def commission_for_update(session: Session, commission_id: UUID) -> Commission:
    """The commission with everybody ever appointed, locked until the transaction ends; or NotFound."""
    query = select(Commission).where(Commission.id == commission_id).with_for_update().options(*with_people())
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def with_people() -> tuple[_AbstractLoad, ...]:
    """Load a commission with everybody ever appointed and every change since."""
    seats = selectinload(Commission.seats)
    return seats.joinedload(CommissionMember.person), seats.joinedload(CommissionMember.changes)


def seats_offered(session: Session, authority_id: UUID, now: datetime) -> Offered:
    """Evaluators and chairs may chair, evaluators be members and substitutes, officers and evaluators keep minutes."""
    evaluators = people_with_role(session, Role.EVALUATOR, authority_id, now)
    chairs = people_with_role(session, Role.CHAIR, authority_id, now)
    officers = people_with_role(session, Role.OFFICER, authority_id, now)
    return Offered(_by_name(chairs, evaluators), evaluators, _by_name(officers, evaluators))


def _by_name(*groups: Sequence[Person]) -> list[Person]:
    everybody = {person.id: person for group in groups for person in group}
    return sorted(everybody.values(), key=lambda person: (person.name, person.id))
