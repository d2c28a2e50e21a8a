"""What a ranking starts from, gathered from the call, its applications, and the finalised sheets."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application, Submission
from portal.applications.rules import UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Call
from portal.calls.queries import remaining_budget
from portal.calls.rules import CallDesign
from portal.core.money import WHOLE
from portal.evaluation.models import Assignment, ScoreSheet
from portal.evaluation.points import HUNDRED
from portal.evaluation.queries.assignments import assignments_of
from portal.evaluation.ranking import (
    Assignment as Seat,
)
from portal.evaluation.ranking import (
    Candidate,
    Criterion,
    EdgeRule,
    Line,
    RankingInput,
    Recusal,
    Rounding,
    Scheme,
    Score,
    TieBreak,
    TieRule,
)
from portal.evaluation.rules import AssignmentStatus
from portal.register.models import ProtocolEntry

RANKED = UNDER_EVALUATION | {ApplicationStatus.INADMISSIBLE}


def scheme_of(design: CallDesign) -> Scheme:
    """The rules of the call, as the engine reads them."""
    return Scheme(
        criteria=tuple(Criterion(each.key, each.maximum, each.threshold) for each in design.criteria),
        minimum_total=design.minimum_total,
        decimals=design.decimals,
        rounding=Rounding(design.rounding.value),
        tie_breaks=tuple(TieBreak(TieRule(each.by.value), each.criterion) for each in design.tie_breaks),
        edge_rule=EdgeRule(design.edge_rule.value),
        cap=design.cap,
        minimum_partial_bp=int((design.allocation.minimum_partial or 0) * 100),
    )


def ranking_input(session: Session, call: Call, phase_id: UUID) -> RankingInput:
    """The whole input of a ranking of this phase; the same data give the same bytes."""
    query = select(Application).where(Application.phase_id == phase_id, Application.status.in_(RANKED))
    applications = session.scalars(query.order_by(Application.reference)).all()
    admitted = [each for each in applications if each.status in UNDER_EVALUATION]
    assignments = assignments_of(session, [each.id for each in admitted])
    lines = tuple(Line(each.line.key, each.remaining_cents) for each in remaining_budget(session, call))
    order = _protocol_order(session, applications)
    recused = [each for each in assignments if each.status is AssignmentStatus.RECUSED]
    return RankingInput(
        scheme=scheme_of(call.design),
        lines=lines,
        candidates=tuple(_candidate(each, order[each.id], call.design) for each in applications),
        assignments=tuple(Seat(str(each.application_id), str(each.person_id)) for each in assignments),
        scores=_scores(session, assignments),
        recusals=tuple(Recusal(str(each.application_id), str(each.person_id)) for each in recused),
    )


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


def _candidate(application: Application, order: int, design: CallDesign) -> Candidate:
    own = application.total_cents - application.requested_cents
    return Candidate(
        id=str(application.id),
        reference=application.reference,
        requested_cents=application.requested_cents,
        cofinancing_bp=max(0, own) * WHOLE // application.total_cents if application.total_cents else 0,
        received_order=order,
        line=design.line_for(None, application.area).key,
        area=application.area,
        admissible=application.status in UNDER_EVALUATION,
    )


def _scores(session: Session, assignments: Sequence[Assignment]) -> tuple[Score, ...]:
    seats = {each.id: each for each in assignments}
    query = select(ScoreSheet).where(ScoreSheet.assignment_id.in_(seats)).order_by(ScoreSheet.id)
    return tuple(
        Score(
            str(seats[sheet.assignment_id].application_id),
            str(seats[sheet.assignment_id].person_id),
            criterion,
            Decimal(given["points"]) / HUNDRED,
        )
        for sheet in session.scalars(query)
        for criterion, given in sheet.scores.items()
    )
