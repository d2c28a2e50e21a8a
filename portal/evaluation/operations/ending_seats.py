"""The end of a seat that nobody else takes by itself: a substitute who waits, the secretary who keeps the minutes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.access.queries import people_with_role
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.core.audit import record
from portal.evaluation.models import Commission, CommissionMember
from portal.evaluation.seating import change_seat
from portal.notices.operations import notify


def end_seat(
    session: Session, *, commission: Commission, leaving: CommissionMember, reason: str, actor: Actor, now: datetime
) -> None:
    """End the seat of somebody who does not vote."""
    seat = leaving.seat_now
    change_seat(session, commission, leaving, None, now, reason=reason, made_by=actor.person_id)
    record(session, at=now, actor=actor, event="commission.left", subject=commission, reason=reason,
           before={"person": leaving.person_id, "seat": seat})  # fmt: skip


def secretary_leaves(
    session: Session, *, commission: Commission, person_id: UUID, reason: str, actor: Actor, now: datetime
) -> bool:
    """End the seat of the secretary, if it is theirs, and ask the officers for another; whether it was."""
    secretary = commission.secretary
    if secretary is None or secretary.person_id != person_id:
        return False
    end_seat(session, commission=commission, leaving=secretary, reason=reason, actor=actor, now=now)
    phase, who = session.get_one(Phase, commission.phase_id), secretary.person.name
    text = {
        "it": f"{who} non tiene più i verbali della commissione: occorre nominare un segretario con un atto.",
        "en": f"{who} no longer keeps the minutes of the commission: appoint a secretary by an act.",
    }
    officers = people_with_role(session, Role.OFFICER, commission.authority_id, now)
    path = f"/manage/calls/{phase.call.slug}/commission?phase={phase.key}"
    notify(session, people=[each.id for each in officers if each.id != person_id], text=text, path=path, now=now)
    return True
