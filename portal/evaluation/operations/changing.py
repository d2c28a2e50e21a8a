"""Changing a commission after its appointment: a new seat by a new act; somebody who waits or keeps minutes leaves."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.queries import phase_for_update
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.evaluation.models import Commission, CommissionMember
from portal.evaluation.operations.assigning import open_what_counts
from portal.evaluation.operations.ending_seats import end_seat
from portal.evaluation.operations.finding import note_found_conflict
from portal.evaluation.operations.substituting import call_in_substitute
from portal.evaluation.queries.seats import commission_for_update, seats_offered
from portal.evaluation.rules import VOTING, Seat
from portal.evaluation.seating import Act, change_seat, give_seat, must_be_no_applicants
from portal.evaluation.seats_wanted import LONGEST_REASON, must_hold
from portal.evaluation.terms import checked_act


class SeatTaken(Conflict):
    """There is one chair, and one secretary."""

    default = lazy_("Somebody has this seat already: they leave it first.")


def seat_by_act(
    session: Session, *, commission_id: UUID, person_id: UUID, seat: Seat, act_number: str, act_date: date,
    actor: Actor, now: datetime,
) -> CommissionMember:  # fmt: skip
    """Give somebody a seat by a further act, after the appointment; whoever left may come back so.

    Raises Invalid for somebody without the role, with a seat, or who makes an even number vote without a reason for
    it; SeatTaken; ApplicantCannotSit.
    """
    phase_id = session.scalar(select(Commission.phase_id).where(Commission.id == commission_id))
    phase = phase_for_update(session, phase_id or commission_id)
    commission = commission_for_update(session, commission_id)
    authorise(actor, Action.COMMISSION_APPOINT, commission)
    act = checked_act(act_number, act_date, now)
    _must_be_free(session, commission, person_id, seat, now)
    apart = must_be_no_applicants(session, phase, [person_id], now)
    member = _seated(session, commission, person_id, seat, act, actor, now)
    for application_id, _person in apart:
        note_found_conflict(session, application_id=application_id, person_id=person_id, now=now)
    record(session, at=now, actor=actor, event="commission.seated", subject=commission,
           after={"person": person_id, "seat": seat, "act": act[0], "date": act[1]})  # fmt: skip
    return member


def _must_be_free(session: Session, commission: Commission, person_id: UUID, seat: Seat, now: datetime) -> None:
    offered = seats_offered(session, commission.authority_id, now)
    who = {Seat.CHAIR: offered.chairs, Seat.SECRETARY: offered.secretaries}.get(seat, offered.evaluators)
    must_hold(person_id, who, lazy_("This person does not have the role that this seat needs."), "person")
    if any(each.person_id == person_id and each.seat_now for each in commission.seats):
        raise Invalid(lazy_("One person has one seat: choose somebody who has none yet."), "person")
    if (seat is Seat.CHAIR and commission.chair) or (seat is Seat.SECRETARY and commission.secretary):
        raise SeatTaken
    if seat in VOTING and not commission.is_even and commission.even_reason is None:
        words = lazy_("An odd number votes already: one more would make it even. Appoint a substitute instead.")
        raise Invalid(words, "seat")


def _seated(
    session: Session, commission: Commission, person_id: UUID, seat: Seat, act: Act, actor: Actor, now: datetime
) -> CommissionMember:
    known = next((each for each in commission.seats if each.person_id == person_id), None)
    if known is None:
        position = len(commission.seats) + 1 if seat is Seat.SUBSTITUTE else None
        return give_seat(session, commission, person_id, seat, now, position=position, act=act)
    if seat is Seat.SUBSTITUTE:
        raise Invalid(lazy_("Who sat once is not a substitute again: give them a seat that votes."), "seat")
    why = f"Atto {act[0]}"
    change_seat(session, commission, known, seat, now, reason=why, made_by=actor.person_id, act=act)
    if seat in VOTING:
        open_what_counts(session, commission=commission, person_id=person_id, now=now)
    return known


def leave_seat(
    session: Session, *, commission_id: UUID, member_id: UUID, reason: str, actor: Actor, now: datetime
) -> CommissionMember | None:
    """Somebody leaves the commission: in the place of who votes the next substitute sits, if there is one.

    Whoever stepped in is returned. Raises Invalid without a reason, Conflict for who has left already.
    """
    commission = commission_for_update(session, commission_id)
    authorise(actor, Action.COMMISSION_APPOINT, commission)
    leaving = next((each for each in commission.seats if each.id == member_id), None)
    if leaving is None:
        raise NotFound
    if leaving.seat_now in VOTING or leaving.seat_now is None:
        return call_in_substitute(
            session, commission_id=commission.id, leaving_id=leaving.person_id, reason=reason, actor=actor, now=now
        )
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why the seat is left."))
    end_seat(session, commission=commission, leaving=leaving, reason=why, actor=actor, now=now)
    return None
