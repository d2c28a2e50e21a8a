"""Giving applications to evaluators, and finding a substitute for one who stepped back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, Role, Tie, authorise
from portal.access.queries import people_with_role
from portal.access.ties import tie
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.queries import phase_for_update
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.evaluation.distribution import Pair, distribute
from portal.evaluation.models import Assignment, Commission
from portal.evaluation.operations.finding import find_conflicts
from portal.evaluation.operations.naming import open_what_is_free
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.assignments import applications_under_evaluation, assignments_of
from portal.evaluation.queries.conflicts import barred_pairs
from portal.evaluation.queries.desks import desk_of, wishes_of
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.rules import GIVE_BACK, LIVE, AssignmentBegins
from portal.notices.operations import notify


class NoCommission(Conflict):
    """Nobody to assign to."""

    default = lazy_("Appoint the commission first: nobody can score before.")


@dataclass(frozen=True, slots=True)
class Made:
    """What an assignment run did: new assignments, and the references that still lack somebody."""

    assignments: list[Assignment]
    short: list[str]


def assign_all(session: Session, *, phase_id: UUID, actor: Actor, now: datetime) -> Made:
    """Give every admitted application as many evaluators as the call declares, evenly; what stands is kept.

    The same commission and applications always give the same assignments. Whoever is or was a member of an applicant
    is recused from its application and never chosen for it.
    """
    phase = phase_for_update(session, phase_id)
    authorise(actor, Action.COMMISSION_APPOINT, phase.call)
    commission = commission_of(session, phase.id)
    if commission is None:
        raise NoCommission
    applications, open_ones = look_again(session, phase=phase, commission=commission, now=now)
    wants = evaluators_wanted(phase.design)
    made = fill(
        session,
        commission=commission,
        applications=applications,
        open_ones=open_ones,
        wants=wants,
        actor=actor,
        now=now,
    )
    has = Counter(row.application_id for row in assignments_of(session, [each.id for each in open_ones])
                  if row.status in LIVE)  # fmt: skip
    return Made(made, [each.reference for each in open_ones if has[each.id] < wants])


def look_again(
    session: Session, *, phase: Phase, commission: Commission, now: datetime
) -> tuple[Sequence[Application], list[Application]]:
    """Find what keeps evaluators apart by now; answers the applications of the phase, and those still to be scored."""
    announce(session, AssignmentBegins(phase.id, now))
    applications = applications_under_evaluation(session, phase.id)
    open_ones = [each for each in applications if each.status is ApplicationStatus.ADMISSIBLE]
    find_conflicts(session, commission=commission, applications=open_ones, call_id=phase.call_id, now=now)
    return applications, open_ones


def fill(
    session: Session,
    *,
    commission: Commission,
    applications: Sequence[Application],
    open_ones: Sequence[Application],
    wants: int,
    actor: Actor,
    now: datetime,
) -> list[Assignment]:
    """Create the assignments that `open_ones` still lack; loads count every application of the phase."""
    standing = assignments_of(session, [each.id for each in applications])
    desk = desk_of(session, commission=commission, applications=applications, standing=standing, now=now)
    plan = distribute(wishes_of(open_ones, wants), desk)
    return make_assignments(session, commission=commission, pairs=plan.pairs, actor=actor, now=now)


def make_assignments(
    session: Session, *, commission: Commission, pairs: Sequence[Pair], actor: Actor, now: datetime
) -> list[Assignment]:
    """Put pairs into force, and tell each evaluator once how many came."""
    left = _left(session, pairs)
    made = [
        return_assignment(session, row=left[pair], actor=actor, now=now)
        if pair in left
        else _assign(session, commission, pair, actor, now)
        for pair in pairs
    ]
    open_what_is_free(session, commission=commission, actor=actor, now=now)
    for person_id, count in sorted(Counter(each.person_id for each in made).items()):
        _tell(session, person_id, count, now)
    return made


def _left(session: Session, pairs: Sequence[Pair]) -> dict[Pair, Assignment]:
    """The assignments of these pairs that had ended: whoever sits again, or is in conflict no more, has them back."""
    query = select(Assignment).where(
        Assignment.application_id.in_({application for application, _person in pairs}),
        Assignment.status.in_(GIVE_BACK.sources),
    )
    return {(each.application_id, each.person_id): each for each in session.scalars(query)} if pairs else {}


def return_assignment(session: Session, *, row: Assignment, actor: Actor, now: datetime) -> Assignment:
    """Give an assignment back to the evaluator from whom it was taken: nothing opens before they declare anew."""
    before = row.status
    row.make(GIVE_BACK, at=now)
    tie(session, person_id=row.person_id, tie=Tie.ASSIGNED, object_type="application", object_id=row.application_id,
        now=now)  # fmt: skip
    record(session, at=now, actor=actor, event="assignment.returned", subject=row, before={"status": before},
           after={"status": row.status})  # fmt: skip
    return row


def open_what_counts(session: Session, *, commission: Commission, person_id: UUID, now: datetime) -> None:
    """Whoever votes again reads again what they had scored for good."""
    everything = applications_under_evaluation(session, commission.phase_id)
    for row in assignments_of(session, [each.id for each in everything]):
        if row.person_id == person_id and row.is_final:
            tie(session, person_id=person_id, tie=Tie.ASSIGNED, object_type="application",
                object_id=row.application_id, now=now)  # fmt: skip


def _assign(session: Session, commission: Commission, pair: Pair, actor: Actor, now: datetime) -> Assignment:
    application_id, person_id = pair
    row = Assignment(
        authority_id=commission.authority_id, application_id=application_id, person_id=person_id, status_at=now
    )
    session.add(row)
    session.flush()
    tie(session, person_id=person_id, tie=Tie.ASSIGNED, object_type="application", object_id=application_id, now=now)
    record(session, at=now, actor=actor, event="assignment.made", subject=row,
           after={"application": application_id, "person": person_id, "status": row.status})  # fmt: skip
    return row


def _tell(session: Session, person_id: UUID, count: int, now: datetime) -> None:
    text = {
        "it": f"Nuove domande da valutare: {count}. Prima di leggerle occorre dichiarare eventuali conflitti.",
        "en": f"New applications to score: {count}. Before reading them, declare any conflict of interest.",
    }
    notify(session, people=[person_id], text=text, path="/scoring", now=now)


def tell_officers(
    session: Session, *, application: Application, text: dict[str, str], path: str, now: datetime
) -> None:
    """Tell the officers of the authority, save whoever is in conflict with the application."""
    officers = [person.id for person in people_with_role(session, Role.OFFICER, application.authority_id, now)]
    barred = barred_pairs(session, people=officers, applications=[application], now=now)
    told = [each for each in officers if (application.id, each) not in barred]
    notify(session, people=told, text=text, path=path, now=now)
