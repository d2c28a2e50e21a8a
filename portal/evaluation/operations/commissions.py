"""Appointing the commission of a phase: after the deadline, an odd number, nobody from an applicant (P18)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.operations import begin_evaluation
from portal.calls.queries import phase_for_update
from portal.calls.rules import PhaseStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict
from portal.core.i18n import lazy_
from portal.evaluation.distribution import Pair
from portal.evaluation.models import Commission
from portal.evaluation.operations.finding import note_found_conflict
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import Seat
from portal.evaluation.seating import give_seat, must_be_no_applicants
from portal.evaluation.seats_wanted import Wanted, checked_seats, why_even
from portal.evaluation.terms import checked_act


class AlreadyAppointed(Conflict):
    """A phase has one commission."""

    default = lazy_("The commission of this phase is appointed already. Reload the page.")


def appoint_commission(
    session: Session, *, phase_id: UUID, act_number: str, act_date: date, chair_id: UUID, member_ids: Sequence[UUID],
    substitute_ids: Sequence[UUID] = (), secretary_id: UUID | None = None, even_reason: str = "", actor: Actor,
    now: datetime,
) -> Commission:  # fmt: skip
    """Appoint chair and members by an act, who waits to step in, who keeps the minutes; begin the evaluation.

    Raises Closed before the deadline, Invalid for an even number without a reason or somebody without the role,
    ApplicantCannotSit. Past members of an applicant may sit; they are recused from its application at once.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.COMMISSION_APPOINT, phase.call)
    if now <= phase.deadline.accepted_until:
        raise Closed(lazy_("The commission is appointed after the deadline for applications has passed."))
    if commission_of(session, phase.id) is not None:
        raise AlreadyAppointed
    number, day = checked_act(act_number, act_date, now)
    wanted = Wanted(chair_id, member_ids, substitute_ids, secretary_id, even_reason)
    seats = checked_seats(session, phase, wanted, now)
    apart = must_be_no_applicants(session, phase, list(seats), now)
    commission = Commission(
        authority_id=phase.call.authority_id, phase_id=phase.id, act_number=number, act_date=day, appointed_at=now,
        appointed_by=actor.person_id, even_reason=why_even(wanted, seats),
    )  # fmt: skip
    session.add(commission)
    _seat(session, commission, seats, now)
    if phase.status is PhaseStatus.RUNNING:
        begin_evaluation(session, phase_id=phase.id, actor=actor, now=now)
    _keep_apart(session, apart, now)
    told = {"act": number, "date": day, "seats": {str(key): seat for key, seat in seats.items()},
            "even": commission.even_reason}  # fmt: skip
    record(session, at=now, actor=actor, event=Action.COMMISSION_APPOINT, subject=commission, after=told)
    return commission


def _keep_apart(session: Session, pairs: Sequence[Pair], now: datetime) -> None:
    for application_id, person_id in pairs:
        note_found_conflict(session, application_id=application_id, person_id=person_id, now=now)


def _seat(session: Session, commission: Commission, seats: Mapping[UUID, Seat], now: datetime) -> None:
    waiting = count(1)
    for person_id, seat in seats.items():
        position = next(waiting) if seat is Seat.SUBSTITUTE else None
        give_seat(session, commission, person_id, seat, now, position=position)
