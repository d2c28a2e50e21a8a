"""One commission as those who sit on it and the office see it: seats, what changed, sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from portal.access.models import Person
from portal.access.policy import Action, allowed
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Commission, CommissionMember, SeatChange, Sitting
from portal.evaluation.queries.seats import Offered, seats_offered, with_people
from portal.evaluation.queries.sittings import sittings_of


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """The commission, its phase, its sessions; whom the office may seat, where it is the office that asks."""

    commission: Commission
    phase: Phase
    sittings: Sequence[Sitting]
    offered: Offered | None

    @property
    def changes(self) -> list[tuple[CommissionMember, SeatChange]]:
        """Every change since the appointment, oldest first."""
        found = [(member, change) for member in self.commission.seats for change in member.changes]
        return sorted(found, key=lambda each: (each[1].at, each[1].id))

    @property
    def later(self) -> list[CommissionMember]:
        """Who was given a seat by a further act, oldest first."""
        return [each for each in self.commission.seats if each.act_number is not None]

    @property
    def people(self) -> dict[UUID, str]:
        """The names behind the seats."""
        return {each.id: each.person.name for each in self.commission.seats}

    @property
    def free(self) -> list[Person]:
        """Whom a further act may name: those of the authority who have no seat, by name."""
        if self.offered is None:
            return []
        taken = {each.person_id for each in self.commission.seats if each.seat_now}
        everybody = {each.id: each for each in (*self.offered.chairs, *self.offered.secretaries)}
        found = [each for key, each in everybody.items() if key not in taken]
        return sorted(found, key=lambda person: (person.name, person.id))


def seats_page(session: Session, actor: Actor, commission_id: UUID, now: datetime) -> SeatsPage:
    """A commission, or NotFound for who neither sits on it nor belongs to the office."""
    query = (
        select(Commission, Phase)
        .join(Phase, Phase.id == Commission.phase_id)
        .join(Phase.call)
        .where(Commission.id == commission_id)
        .options(*with_people())
        .options(contains_eager(Phase.call).joinedload(Call.authority))
    )
    found = session.execute(query).one_or_none()
    if found is None or not allowed(actor, Action.SITTING_READ, found[0]):
        raise NotFound
    commission, phase = found
    may_appoint = allowed(actor, Action.COMMISSION_APPOINT, commission)
    offered = seats_offered(session, commission.authority_id, now) if may_appoint else None
    return SeatsPage(commission, phase, sittings_of(session, commission), offered)
