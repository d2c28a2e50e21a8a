"""What a ranking starts from, gathered from the call, its applications, and the finalised sheets."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.applications.models import Application, Submission
from portal.applications.rules import UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.queries import remaining_budget
from portal.calls.rules import CallDesign
from portal.core.money import WHOLE
from portal.evaluation.declared import other_lines_for, ranking_for, scheme_of
from portal.evaluation.models import Assignment, ScoreSheet
from portal.evaluation.points import HUNDRED
from portal.evaluation.queries.answers import facts_of_applications
from portal.evaluation.queries.draws import draws_held
from portal.evaluation.ranking import NO_FACTS, Candidate, Facts, Line, RankingInput, Recusal, Score
from portal.evaluation.ranking import Assignment as Seat
from portal.evaluation.rules import AssignmentStatus
from portal.register.models import ProtocolEntry

RANKED = UNDER_EVALUATION | {ApplicationStatus.INADMISSIBLE}


class Place(NamedTuple):
    """Who was to score what, by the names that the engine knows them by."""

    assignment: UUID
    application: str
    person: str
    status: AssignmentStatus


def ranking_input(session: Session, phase: Phase) -> RankingInput:
    """The whole input of a ranking of this phase; the same data give the same bytes."""
    query = select(Application).where(Application.phase_id == phase.id, Application.status.in_(RANKED))
    whole = query.options(joinedload(Application.organisation)).order_by(Application.reference)
    applications = session.scalars(whole).all()
    admitted = [each.id for each in applications if each.status in UNDER_EVALUATION]
    seats = _seats(session, admitted)
    design = phase.design
    facts = facts_of_applications(session, phase, admitted)
    order = _protocol_order(session, applications)
    recused = [each for each in seats if each.status is AssignmentStatus.RECUSED]
    return RankingInput(
        scheme=scheme_of(design, phase.key),
        lines=tuple(Line(each.line.key, each.remaining_cents) for each in remaining_budget(session, phase.call)),
        candidates=tuple(_candidate(each, order[each.id], design, facts.get(each.id, NO_FACTS))
                         for each in applications),
        assignments=tuple(Seat(each.application, each.person) for each in seats),
        scores=_scores(session, phase, seats),
        recusals=tuple(Recusal(each.application, each.person) for each in recused),
        draws=draws_held(session, phase.id),
    )  # fmt: skip


def _protocol_order(session: Session, applications: Sequence[Application]) -> dict[UUID, int]:
    """Places by protocol number of the submission that counts; references decide where there is none."""
    query = (
        select(Submission.application_id, ProtocolEntry.year, ProtocolEntry.number)
        .join(ProtocolEntry, ProtocolEntry.id == Submission.protocol_entry_id)
        .where(Submission.application_id.in_([each.id for each in applications]))
        .order_by(ProtocolEntry.year, ProtocolEntry.number)
    )
    numbers = {application: (year, number) for application, year, number in session.execute(query)}
    none = (9999, 0)
    ordered = sorted(applications, key=lambda each: (numbers.get(each.id, none), each.reference))
    return {each.id: place for place, each in enumerate(ordered, 1)}


def _candidate(application: Application, order: int, design: CallDesign, facts: Facts) -> Candidate:
    own = application.total_cents - application.requested_cents
    kind, _form = application.entered_as
    line = design.line_for(kind, application.area)
    return Candidate(
        id=str(application.id),
        reference=application.reference,
        requested_cents=application.requested_cents,
        cofinancing_bp=max(0, own) * WHOLE // application.total_cents if application.total_cents else 0,
        received_order=order,
        line=line.key,
        area=application.area,
        admissible=application.status in UNDER_EVALUATION,
        kind=kind if design.allocation.places else None,
        listed_in=ranking_for(design, line, kind, application.area),
        other_lines=other_lines_for(design, line, kind, application.area),
        facts=facts,
    )


def _seats(session: Session, applications: Sequence[UUID]) -> list[Place]:
    """Every assignment of these applications, recused ones too; columns alone, as there are tens of thousands."""
    query = (
        select(Assignment.id, Assignment.application_id, Assignment.person_id, Assignment.status)
        .where(Assignment.application_id.in_(applications))
        .order_by(Assignment.application_id, Assignment.id)
    )
    return [Place(assignment, str(application), str(person), status)
            for assignment, application, person, status in session.execute(query)]  # fmt: skip


def _scores(session: Session, phase: Phase, seats: Sequence[Place]) -> tuple[Score, ...]:
    """What the final sheets of this phase give; a commission uses few different numbers."""
    by_id = {each.assignment: each for each in seats}
    query = (
        select(ScoreSheet.assignment_id, ScoreSheet.scores)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.phase_id == phase.id)
        .order_by(ScoreSheet.id)
    )
    exact = _Exact()
    return tuple(
        Score(seat.application, seat.person, criterion, exact[given.get("mark", given["points"])])
        for assignment, scores in session.execute(query)
        if (seat := by_id.get(assignment)) is not None
        for criterion, given in scores.items()
    )


class _Exact(dict[int, Decimal]):
    """Points by their hundredths, each worked out once."""

    def __missing__(self, hundredths: int) -> Decimal:
        self[hundredths] = Decimal(hundredths) / HUNDRED
        return self[hundredths]
