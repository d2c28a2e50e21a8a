"""An evaluator's own work, and who sits where. A conflict or a membership takes an application out of every answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.access.policy import Action, Tie, allowed
from portal.access.queries import MEMBER_TIES
from portal.applications.models import Application
from portal.applications.rules import UNDER_EVALUATION
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.models import Assignment, Score, ScoreSheet
from portal.evaluation.points import Entry, is_complete, scored
from portal.evaluation.rules import LIVE, MAY_READ, AssignmentStatus


@dataclass(frozen=True, slots=True)
class MyAssignment:
    """One application on an evaluator's list, and how many criteria have what the call asks for."""

    assignment: Assignment
    complete: int
    criteria: int


def open_to(actor: Actor) -> ColumnElement[bool]:
    """The actor's own live assignments, less conflicts and the applications of their own organisations."""
    own = {tied for name, tied in actor.ties if name in MEMBER_TIES}
    return and_(
        Assignment.person_id == actor.person_id,
        Assignment.status.in_(LIVE),
        Assignment.application_id.not_in(actor.objects_tied_as(Tie.CONFLICTED)),
        Application.organisation_id.not_in(own),
    )


def own_assignment(session: Session, actor: Actor, assignment_id: UUID) -> Assignment:
    """The actor's own assignment with its application, or NotFound: for everybody else it does not exist.

    The evaluator's role and tie are asked for as well: a role taken away closes the proposal at once (P19).
    """
    query = (
        select(Assignment)
        .join(Assignment.application)
        .where(Assignment.id == assignment_id, open_to(actor))
        .options(
            contains_eager(Assignment.application).options(
                joinedload(Application.call).joinedload(Call.authority),
                joinedload(Application.organisation),
                joinedload(Application.phase),
            )
        )
    )
    found = session.scalars(query).one_or_none()
    if found is None or not allowed(actor, Action.CONFLICT_DECLARE, found):
        raise NotFound
    return found


def readable_assignment(session: Session, actor: Actor, assignment_id: UUID) -> Assignment:
    """The same, once the actor has declared to be free of conflict: only then does the proposal exist."""
    found = own_assignment(session, actor, assignment_id)
    if found.status not in MAY_READ:
        raise NotFound
    return found


def my_assignments(session: Session, actor: Actor) -> list[MyAssignment]:
    """The actor's list: what waits for a declaration, then what is to score, then what is done; by reference."""
    query = (
        select(Assignment)
        .join(Assignment.application)
        .where(open_to(actor))
        .options(
            contains_eager(Assignment.application).options(
                joinedload(Application.call).joinedload(Call.authority),
                joinedload(Application.organisation),
                joinedload(Application.phase),
            ),
            selectinload(Assignment.scores),
        )
        .order_by(Application.reference, Assignment.id)
    )
    rows = [_my_assignment(each) for each in session.scalars(query)]
    order = list(LIVE)
    return sorted(rows, key=lambda row: order.index(row.assignment.status))


def _my_assignment(assignment: Assignment) -> MyAssignment:
    criteria = scored(assignment.application.design)
    given = {each.criterion: _entry(each) for each in assignment.scores}
    complete = sum(is_complete(each, given.get(each.key)) for each in criteria)
    return MyAssignment(assignment, complete, len(criteria))


def _entry(row: Score) -> Entry:
    return Entry(row.criterion, row.points_hundredths, row.reason, row.version)


def next_assignment(session: Session, actor: Actor, after: Assignment) -> Assignment | None:
    """The actor's next open assignment by reference, starting again from the first."""
    query = (
        select(Assignment)
        .join(Assignment.application)
        .where(open_to(actor), Assignment.id != after.id)
        .where(Assignment.status != AssignmentStatus.FINALISED)
        .options(contains_eager(Assignment.application))
        .order_by(Application.reference, Assignment.id)
    )
    found = session.scalars(query).all()
    here = after.application.reference
    return next((each for each in found if each.application.reference > here), found[0] if found else None)


def entries_of(session: Session, assignment: Assignment) -> list[Entry]:
    """What the evaluator has written, one entry for each criterion that is scored, in the order of the call."""
    rows = session.scalars(select(Score).where(Score.assignment_id == assignment.id).order_by(Score.criterion))
    stored = {row.criterion: _entry(row) for row in rows}
    return [stored.get(each.key) or Entry(each.key, None, "", 0) for each in scored(assignment.application.design)]


def sheet_of(session: Session, assignment: Assignment) -> ScoreSheet | None:
    """The finalised sheet, if there is one."""
    return session.scalars(select(ScoreSheet).where(ScoreSheet.assignment_id == assignment.id)).one_or_none()


def assignments_of(session: Session, application_ids: Sequence[UUID]) -> Sequence[Assignment]:
    """Every assignment of these applications, recused ones too, in a fixed order."""
    query = (
        select(Assignment)
        .where(Assignment.application_id.in_(application_ids))
        .options(joinedload(Assignment.person))
        .order_by(Assignment.application_id, Assignment.id)
    )
    return session.scalars(query).all()


def applications_under_evaluation(session: Session, phase_id: UUID) -> Sequence[Application]:
    """The admitted applications of a phase, by reference."""
    query = (
        select(Application)
        .where(Application.phase_id == phase_id, Application.status.in_(UNDER_EVALUATION))
        .options(joinedload(Application.organisation))
        .order_by(Application.reference)
    )
    return session.scalars(query).all()
