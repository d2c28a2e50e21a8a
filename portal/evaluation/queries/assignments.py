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
from portal.calls.rules.design import EvaluationRound
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.masking import code_of
from portal.evaluation.models import Assignment, Score, ScoreReopening, ScoreSheet
from portal.evaluation.points import Entry, is_complete, scored
from portal.evaluation.queries.rounds import label_of, rounds_in_force
from portal.evaluation.rules import LIVE, MAY_READ, AssignmentStatus


@dataclass(frozen=True, slots=True)
class MyAssignment:
    """One application on an evaluator's list, what they call it, and how many criteria have what the call asks for.

    `applicant` and `title` are missing while the round, or a missing declaration, hides them.
    """

    assignment: Assignment
    label: str
    applicant: str | None
    title: str | None
    complete: int
    criteria: int


@dataclass(frozen=True, slots=True)
class Following:
    """The application that comes next, and what its evaluator calls it."""

    id: UUID
    label: str


def open_to(actor: Actor) -> ColumnElement[bool]:
    """The actor's own live assignments, less conflicts and the applications of their own organisations.

    Who left the commission has none, though what they finalised counts.
    """
    own = {tied for name, tied in actor.ties if name in MEMBER_TIES}
    return and_(
        Assignment.person_id == actor.person_id,
        Assignment.status.in_(LIVE),
        Assignment.application_id.in_(actor.objects_tied_as(Tie.ASSIGNED)),
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


def own_assignment_id(session: Session, actor: Actor, application_id: UUID) -> UUID:
    """The actor's own live assignment of an application, or NotFound."""
    query = select(Assignment.id).join(Assignment.application)
    found = session.scalar(query.where(Assignment.application_id == application_id, open_to(actor)))
    if found is None:
        raise NotFound
    return found


def readable_assignment(session: Session, actor: Actor, assignment_id: UUID) -> Assignment:
    """The same, once the actor has declared to be free of conflict: only then does the proposal exist."""
    found = own_assignment(session, actor, assignment_id)
    if found.status not in MAY_READ:
        raise NotFound
    return found


def my_assignments(session: Session, actor: Actor) -> list[MyAssignment]:
    """The actor's list: what is to score, then what is done, by what it is called. What waits for a declaration or for
    a decision on a suggestion is not there: it would pair a name with a code.
    """
    query = (
        select(Assignment)
        .join(Assignment.application)
        .where(open_to(actor), Assignment.status.in_(MAY_READ))
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
    found = session.scalars(query).all()
    rounds = rounds_in_force(session, {each.application.phase for each in found})
    rows = [_my_assignment(each, rounds[each.application.phase_id]) for each in found]
    order = list(LIVE)
    return sorted(rows, key=lambda row: (order.index(row.assignment.status), row.label))


def _my_assignment(assignment: Assignment, seen: EvaluationRound) -> MyAssignment:
    application = assignment.application
    criteria = scored(application.design)
    given = {each.criterion: _entry(each) for each in assignment.scores}
    complete = sum(is_complete(each, given.get(each.key)) for each in criteria)
    applicant = None if seen.blind else application.organisation.name
    title = None if seen.blind or assignment.awaits_declaration else application.title
    return MyAssignment(assignment, label_of(application, seen), applicant, title, complete, len(criteria))


def _entry(row: Score) -> Entry:
    return Entry(row.criterion, row.points_hundredths, row.reason, row.version)


def next_assignment(session: Session, actor: Actor, after: Assignment, seen: EvaluationRound) -> Following | None:
    """The actor's next open assignment of the same phase by what it is called, starting again from the first."""
    here = after.application
    query = (
        select(Assignment.id, Application.id, Application.reference)
        .join(Assignment.application)
        .where(open_to(actor), Assignment.id != after.id, Application.phase_id == here.phase_id)
        .where(Assignment.status.in_(MAY_READ - {AssignmentStatus.FINALISED}))
        .order_by(Application.reference, Assignment.id)
    )
    found = [
        Following(assignment, code_of(application, here.phase_id) if seen.blind else reference)
        for assignment, application, reference in session.execute(query)
    ]
    found.sort(key=lambda each: each.label)
    return next((each for each in found if each.label > label_of(here, seen)), found[0] if found else None)


def entries_of(session: Session, assignment: Assignment) -> list[Entry]:
    """What the evaluator has written, one entry for each criterion that is scored, in the order of the call."""
    rows = session.scalars(select(Score).where(Score.assignment_id == assignment.id).order_by(Score.criterion))
    stored = {row.criterion: _entry(row) for row in rows}
    return [stored.get(each.key) or Entry(each.key, None, "", 0) for each in scored(assignment.application.design)]


def sheet_of(session: Session, assignment: Assignment) -> ScoreSheet | None:
    """The last finalised sheet, if there is one."""
    query = select(ScoreSheet).where(ScoreSheet.assignment_id == assignment.id).order_by(ScoreSheet.version.desc())
    return session.scalars(query.limit(1)).one_or_none()


def reopening_of(session: Session, assignment: Assignment) -> ScoreReopening | None:
    """Why and by which act a sheet is open again, while it is."""
    if not assignment.is_reopened:
        return None
    query = select(ScoreReopening).where(ScoreReopening.assignment_id == assignment.id)
    return session.scalars(query.order_by(ScoreReopening.id.desc()).limit(1)).one()


def open_criteria(session: Session, assignment: Assignment) -> frozenset[str]:
    """The criteria that the evaluator may write under: all, or of a sheet opened again those the act names."""
    again = reopening_of(session, assignment)
    every = [each.key for each in scored(assignment.application.design)]
    return frozenset(every if again is None else again.criteria)


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
