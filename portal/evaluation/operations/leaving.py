"""What a conflict does to a seat, as the call declares: a substitute for the whole call, or for that application."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.rules import SCORE_AGAIN, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import ConflictEffect
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.evaluation.models import Commission
from portal.evaluation.operations.assigning import fill
from portal.evaluation.operations.ending_seats import secretary_leaves
from portal.evaluation.operations.finding import find_conflicts, recuse
from portal.evaluation.operations.naming import open_what_is_free
from portal.evaluation.operations.settling import settle
from portal.evaluation.operations.substituting import call_in_substitute
from portal.evaluation.operations.suggesting import ask_about
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.assignments import applications_under_evaluation
from portal.evaluation.queries.conflicts import barred_pairs
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import AssignmentBegins

WHY = "Incompatibilità: conflitto di interessi dichiarato o accertato (art. 51 c.p.c., art. 6-bis L. 241/1990)"


def leaves_call(*, phase: Phase) -> bool:
    """Whether one conflict ends the seat; else it closes that application alone."""
    return phase.design.evaluation.conflict_effect is ConflictEffect.CALL


def leave_commission(session: Session, *, commission: Commission, person_id: UUID, reason: str, now: datetime) -> None:
    """End a seat and everything that went with it; the next substitute who is not in conflict too takes it.

    That of the secretary only ends: the office is asked for another.

    Finalised scores of who leaves count no longer: those applications are scored again. Where no substitute is left the
    office is told to appoint somebody by an act, and nothing is settled with fewer.
    """
    if secretary_leaves(session, commission=commission, person_id=person_id, reason=reason, actor=SYSTEM, now=now):
        return
    everything = applications_under_evaluation(session, commission.phase_id)
    leaving: UUID | None = person_id
    while leaving is not None:
        ended = recuse(session, applications=[each.id for each in everything], person_id=leaving, actor=SYSTEM, now=now)
        score_again(session, applications=[each for each in everything if (each.id, leaving) in ended], now=now)
        coming = call_in_substitute(
            session, commission_id=commission.id, leaving_id=leaving, reason=reason, actor=SYSTEM, now=now
        )
        session.flush()
        leaving = coming.person_id if coming and _is_barred(session, coming.person_id, everything, now) else None


def score_again(session: Session, *, applications: Sequence[Application], now: datetime) -> None:
    """What was scored is to be scored again."""
    for application in applications:
        if application.status is ApplicationStatus.SCORED:
            application.make(SCORE_AGAIN, at=now)
            record(session, at=now, actor=SYSTEM, event="application.score_again", subject=application,
                   before={"status": ApplicationStatus.SCORED}, after={"status": application.status})  # fmt: skip


def _is_barred(session: Session, person_id: UUID, applications: Sequence[Application], now: datetime) -> bool:
    return bool(barred_pairs(session, people=[person_id], applications=applications, now=now))


def settle_seats(session: Session, *, commission: Commission, phase: Phase, now: datetime) -> None:
    """Where the call says so, whoever sits and is in conflict with any application of the phase leaves."""
    if not leaves_call(phase=phase):
        return
    everything = applications_under_evaluation(session, phase.id)
    people = [member.person_id for member in commission.declaring]
    pairs = barred_pairs(session, people=people, applications=everything, declared_only=True, now=now)
    for person_id in sorted({person for _application, person in pairs}):
        if person_id in {member.person_id for member in commission.declaring}:
            leave_commission(session, commission=commission, person_id=person_id, reason=WHY, now=now)


def replace_for_application(
    session: Session, *, application: Application, person_id: UUID, actor: Actor, now: datetime
) -> bool:
    """Close one application to one evaluator, who keeps the seat; whether somebody takes it over.

    Where nobody is left to, those who remain are enough.
    """
    ended = recuse(session, applications=[application.id], person_id=person_id, actor=actor, now=now)
    commission = commission_of(session, application.phase_id)
    session.flush()
    if not ended or commission is None:
        return False
    everything = applications_under_evaluation(session, application.phase_id)
    wants = evaluators_wanted(application.design)
    made = fill(session, commission=commission, applications=everything, open_ones=[application], wants=wants,
                actor=actor, now=now)  # fmt: skip
    if made and application.status is ApplicationStatus.SCORED:
        score_again(session, applications=[application], now=now)
    open_what_is_free(session, commission=commission, actor=actor, now=now)
    if not made:
        settle(session, application=application, actor=actor, now=now)
    return bool(made)


def before_assigning(session: Session, event: AssignmentBegins) -> None:
    """Subscribed to the giving out of applications: the list of names is brought up to date, who may not sit leaves."""
    phase = session.get_one(Phase, event.phase_id)
    commission = commission_of(session, phase.id)
    if commission is None:
        return
    everything = applications_under_evaluation(session, phase.id)
    if leaves_call(phase=phase):
        find_conflicts(session, commission=commission, applications=everything, call_id=phase.call_id, now=event.at)
    ask_about(session, commission=commission, applications=everything, now=event.at)
    settle_seats(session, commission=commission, phase=phase, now=event.at)
