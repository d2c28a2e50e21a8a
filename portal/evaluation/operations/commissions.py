"""Appointing the commission of a phase: after the deadline, an odd number, nobody from an applicant (P18)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action, Tie, authorise
from portal.access.ties import tie
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.calls.operations import begin_evaluation
from portal.calls.queries import phase_for_update
from portal.calls.rules import PhaseStatus
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, Invalid
from portal.core.i18n import lazy_
from portal.evaluation.models import Commission, CommissionMember, ConflictDeclaration
from portal.evaluation.queries.commissions import commission_of, seats_offered
from portal.evaluation.queries.conflicts import Membership, applicant_ids, memberships
from portal.evaluation.rules import Seat
from portal.evaluation.terms import checked_act


class AlreadyAppointed(Conflict):
    """A phase has one commission."""

    default = lazy_("The commission of this phase is appointed already. Reload the page.")


class ApplicantCannotSit(Conflict):
    """Nobody evaluates a call to which their own organisation applies (P18)."""

    def __init__(self, found: Membership) -> None:
        super().__init__(
            lazy_(
                "Applicants cannot sit on the commission (rule P18): %(person)s is a member of %(organisation)s, which"
                " applies to this call. Choose somebody else.",
                person=found.person.name,
                organisation=found.organisation.name,
            ),
            "members",
        )


def appoint_commission(
    session: Session,
    *,
    phase_id: UUID,
    act_number: str,
    act_date: date,
    chair_id: UUID,
    member_ids: Sequence[UUID],
    actor: Actor,
    now: datetime,
) -> Commission:
    """Appoint chair and members by an act, and begin the evaluation of the phase.

    Raises Closed before the deadline, Invalid for an even number or somebody without the role, ApplicantCannotSit.
    Past members of an applicant may sit; they are recused from its application at once.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.COMMISSION_APPOINT, phase.call)
    if now <= phase.deadline.accepted_until:
        raise Closed(lazy_("The commission is appointed after the deadline for applications has passed."))
    if commission_of(session, phase.id) is not None:
        raise AlreadyAppointed
    number, day = checked_act(act_number, act_date, now)
    seats = _seats(session, phase, chair_id, member_ids, now)
    former = _members_of_applicants(session, phase, list(seats), now)
    commission = Commission(
        authority_id=phase.call.authority_id, phase_id=phase.id, act_number=number, act_date=day, appointed_at=now,
        appointed_by=actor.person_id,
    )  # fmt: skip
    session.add(commission)
    session.flush()
    _seat(session, commission, seats, now)
    if phase.status is PhaseStatus.RUNNING:
        begin_evaluation(session, phase_id=phase.id, actor=actor, now=now)
    _recuse_former_members(session, phase, former, now)
    record(session, at=now, actor=actor, event=Action.COMMISSION_APPOINT, subject=commission,
           after={"act": number, "date": day, "seats": {str(key): seat for key, seat in seats.items()}})  # fmt: skip
    return commission


def _seats(
    session: Session, phase: Phase, chair_id: UUID, member_ids: Sequence[UUID], now: datetime
) -> dict[UUID, Seat]:
    chairs, evaluators = seats_offered(session, phase.call.authority_id, now)
    members = [each for each in dict.fromkeys(member_ids) if each != chair_id]
    _must_hold(chair_id, chairs, lazy_("The chair must have the role of chair or evaluator here."), "chair")
    for each in members:
        _must_hold(each, evaluators, lazy_("Every member must have the role of evaluator here."), "members")
    if len(members) % 2:
        raise Invalid(
            lazy_(
                "The commission needs an odd number of voting members, the chair included: now they are %(count)d."
                " Add or remove one.",
                count=len(members) + 1,
            ),
            "members",
        )
    needed = phase.design.evaluators_per_application
    if len(members) + 1 < needed:
        raise Invalid(
            lazy_("The call declares %(count)d evaluators for each application: appoint that many.", count=needed),
            "members",
        )
    return {chair_id: Seat.CHAIR} | dict.fromkeys(members, Seat.MEMBER)


def _must_hold(person_id: UUID, people: Sequence[Person], message: object, field: str) -> None:
    if person_id not in {person.id for person in people}:
        raise Invalid(message, field)


def _members_of_applicants(session: Session, phase: Phase, people: Sequence[UUID], now: datetime) -> list[Membership]:
    """Past memberships; a present one refuses the appointment."""
    found = memberships(session, people=people, organisations=applicant_ids(session, phase.call_id), now=now)
    for each in found:
        if each.is_live:
            raise ApplicantCannotSit(each)
    return found


def _seat(session: Session, commission: Commission, seats: dict[UUID, Seat], now: datetime) -> None:
    for person_id, seat in seats.items():
        session.add(CommissionMember(commission_id=commission.id, person_id=person_id, seat=seat))
        tie(session, person_id=person_id, tie=Tie.COMMISSION, object_type="commission",
            object_id=commission.id, now=now)  # fmt: skip


def _recuse_former_members(session: Session, phase: Phase, former: Sequence[Membership], now: datetime) -> None:
    """A past member is in conflict with that application from the start: it is never assigned to them."""
    for each in former:
        query = select(Application.id).where(
            Application.phase_id == phase.id, Application.organisation_id == each.organisation.id
        )
        for application_id in session.scalars(query).all():
            note_found_conflict(session, application_id=application_id, person_id=each.person.id, now=now)


def note_found_conflict(session: Session, *, application_id: UUID, person_id: UUID, now: datetime) -> None:
    """Write down a conflict that the portal found by itself."""
    row = ConflictDeclaration(
        application_id=application_id, person_id=person_id, has_conflict=True, at=now,
        reason="Fa o ha fatto parte dell'organizzazione proponente (rilevato dal portale)",
    )  # fmt: skip
    session.add(row)
    tie(session, person_id=person_id, tie=Tie.CONFLICTED, object_type="application", object_id=application_id, now=now)
    record(session, at=now, actor=SYSTEM, event="conflict.found", subject=row,
           after={"application": application_id, "person": person_id})  # fmt: skip
