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
from portal.access.ties import tie, untie
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.queries import phase_for_update
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.evaluation.distribution import Desk, Pair, spread
from portal.evaluation.models import Assignment, Commission
from portal.evaluation.operations.commissions import note_found_conflict
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.assignments import applications_under_evaluation, assignments_of
from portal.evaluation.queries.commissions import commission_of
from portal.evaluation.queries.conflicts import applicant_ids, barred_pairs, conflicts_carried, memberships
from portal.evaluation.rules import LIVE, RECUSE
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
    applications = applications_under_evaluation(session, phase.id)
    open_ones = [each for each in applications if each.status is ApplicationStatus.ADMISSIBLE]
    find_conflicts(session, commission=commission, applications=open_ones, call_id=phase.call_id, now=now)
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


def find_conflicts(
    session: Session,
    *,
    commission: Commission,
    applications: Sequence[Application],
    call_id: UUID,
    now: datetime,
) -> None:
    """Write down the memberships that were not known when the commission was appointed, and conflicts of before."""
    people = [member.person_id for member in commission.members]
    found = memberships(session, people=people, organisations=applicant_ids(session, call_id), now=now)
    known = barred_pairs(session, people=people, applications=applications, declared_only=True)
    for each in found:
        for application in applications:
            pair = (application.id, each.person.id)
            if application.organisation_id == each.organisation.id and pair not in known:
                note_found_conflict(session, application_id=application.id, person_id=each.person.id, now=now)
                _recuse(session, application, each.person.id, now)
                known.add(pair)
    for application, person_id in _stepped_back_before(session, people, applications, known):
        note_found_conflict(session, application_id=application.id, person_id=person_id, now=now)
        _recuse(session, application, person_id, now)


def _stepped_back_before(
    session: Session, people: Sequence[UUID], applications: Sequence[Application], known: set[Pair]
) -> list[tuple[Application, UUID]]:
    by_id = {each.id: each for each in applications}
    found = conflicts_carried(session, people=people, applications=applications) - known
    return [(by_id[application_id], person_id) for application_id, person_id in sorted(found)]


def _recuse(session: Session, application: Application, person_id: UUID, now: datetime) -> None:
    """End the assignment that somebody held before the conflict was found."""
    query = select(Assignment).where(
        Assignment.application_id == application.id, Assignment.person_id == person_id,
        Assignment.status.in_(RECUSE.sources),
    )  # fmt: skip
    for row in session.scalars(query):
        before = row.status
        row.make(RECUSE, at=now)
        untie(session, person_id=person_id, tie=Tie.ASSIGNED, object_id=application.id, now=now)
        record(session, at=now, actor=SYSTEM, event="assignment.recused", subject=row, before={"status": before},
               after={"status": row.status})  # fmt: skip


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
    live = Counter(each.application_id for each in standing if each.status in LIVE)
    needs = [(each.id, wants - live[each.id]) for each in open_ones if live[each.id] < wants]
    desk = _desk(session, commission, applications, standing)
    made = [_assign(session, commission, pair, actor, now) for pair in spread(needs, desk)]
    for person_id, count in sorted(Counter(each.person_id for each in made).items()):
        _tell(session, person_id, count, now)
    return made


def _desk(
    session: Session, commission: Commission, applications: Sequence[Application], standing: Sequence[Assignment]
) -> Desk:
    """Who may sit, in the order of their seats."""
    people = [member.person_id for member in commission.members]
    barred = barred_pairs(session, people=people, applications=applications)
    return Desk(
        evaluators=people,
        loads=Counter(each.person_id for each in standing if each.status in LIVE),
        barred=barred | {(each.application_id, each.person_id) for each in standing},
    )


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
    barred = barred_pairs(session, people=officers, applications=[application])
    told = [each for each in officers if (application.id, each) not in barred]
    notify(session, people=told, text=text, path=path, now=now)
