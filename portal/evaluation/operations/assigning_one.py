"""One application given by hand, and taken back while nobody has begun."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie, allowed, authorise
from portal.access.ties import untie
from portal.calls.queries import phase_for_update
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.evaluation.models import Assignment, Score
from portal.evaluation.operations.assigning import look_again, make_assignments
from portal.evaluation.operations.terms_of_evaluators import seated
from portal.evaluation.queries.assignments import assignments_of
from portal.evaluation.queries.desks import desk_of
from portal.evaluation.rules import LIVE

UNKNOWN = lazy_("No application under evaluation has this number. Copy it from the list.")


def assign_one(
    session: Session, *, phase_id: UUID, reference: str, person_id: UUID, actor: Actor, now: datetime
) -> Assignment:
    """Give one application to one who votes. A cap does not refuse it: whoever gives by hand knows why.

    Raises Invalid where the application is unknown, has this evaluator already, or must not meet them.
    """
    phase, commission = seated(session, phase_id=phase_id, person_id=person_id, actor=actor)
    _applications, open_ones = look_again(session, phase=phase, commission=commission, now=now)
    hidden = actor.objects_tied_as(Tie.CONFLICTED)
    wanted = next((each for each in open_ones if each.reference == reference and each.id not in hidden), None)
    if wanted is None:
        raise Invalid(UNKNOWN, "reference")
    standing = assignments_of(session, [wanted.id])
    desk = desk_of(session, commission=commission, applications=[wanted], standing=standing, now=now)
    pair = (wanted.id, person_id)
    if pair in desk.standing:
        raise Invalid(lazy_("This evaluator scores this application already."), "person")
    if pair in desk.barred:
        raise Invalid(lazy_("This evaluator must not score this application: choose somebody else."), "person")
    (made,) = make_assignments(session, commission=commission, pairs=[pair], actor=actor, now=now)
    return made


def take_back(session: Session, *, assignment_id: UUID, actor: Actor, now: datetime) -> None:
    """Take an assignment back before anything was written on it: the row goes, the trail keeps it.

    Raises Conflict once something was written.
    """
    row = session.get(Assignment, assignment_id)
    if row is None or row.application_id in actor.objects_tied_as(Tie.CONFLICTED):
        raise NotFound
    phase = phase_for_update(session, row.application.phase_id)
    if not allowed(actor, Action.RANKING_READ, phase.call):
        raise NotFound
    authorise(actor, Action.COMMISSION_APPOINT, phase.call)
    written = session.scalar(select(exists().where(Score.assignment_id == row.id)))
    if row.status not in LIVE or row.is_final or written:
        raise Conflict(lazy_("Something was written on this assignment: it can no longer be taken back."))
    untie(session, person_id=row.person_id, tie=Tie.ASSIGNED, object_id=row.application_id, now=now)
    record(session, at=now, actor=actor, event="assignment.taken_back", subject=row,
           before={"application": row.application_id, "person": row.person_id, "status": row.status})  # fmt: skip
    session.delete(row)
