"""Invariants of the evaluation, worked out again from what is stored (P11, P12, P14)."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import TieRow
from portal.access.policy import Tie
from portal.core.audit import AuditEvent
from portal.core.errors import Refusal
from portal.evaluation.agreeing import AgreementStatus
from portal.evaluation.models import AgreedMark, Assent, Assignment, Ranking, ScoreSheet
from portal.evaluation.queries.rankings import StoredRankingAltered, run_of
from portal.evaluation.rules import MAY_READ, AssignmentStatus


def broken(session: Session) -> Iterator[str]:
    """One line for each ranking, sheet or assignment that is not what it must be."""
    yield from _rankings(session)
    yield from _sheets(session)
    yield from _conflicts(session)
    yield from _agreements(session)


def _rankings(session: Session) -> Iterator[str]:
    for ranking in session.scalars(select(Ranking).order_by(Ranking.id)):
        try:
            run_of(ranking)
        except StoredRankingAltered as altered:
            yield f"evaluation: ranking {ranking.id} v{ranking.version}: its {altered.what} does not match its hash"
        except (Refusal, ValueError, KeyError, TypeError, AttributeError) as error:
            yield f"evaluation: ranking {ranking.id} v{ranking.version} cannot be computed again: {error}"


def _sheets(session: Session) -> Iterator[str]:
    """A sheet adds up, and belongs to an assignment that was final; one given back has its earlier sheet still."""
    back = select(AuditEvent.id).where(
        AuditEvent.subject_type == Assignment.__tablename__, AuditEvent.subject_id == Assignment.id,
        AuditEvent.event == "assignment.returned",
    )  # fmt: skip
    query = select(ScoreSheet, Assignment, back.exists()).join(Assignment, Assignment.id == ScoreSheet.assignment_id)
    for sheet, assignment, given_back in session.execute(query.order_by(ScoreSheet.id)):
        if sum(each["points"] for each in sheet.scores.values()) != sheet.total_hundredths:
            yield f"evaluation: score sheet {sheet.id} says {sheet.total_hundredths}, its scores sum to another total"
        if sheet.given != {key: each.get("mark", each["points"]) for key, each in sheet.scores.items()}:
            yield f"evaluation: score sheet {sheet.id} gives a ranking other marks than its scores tell"
        if assignment.status in (AssignmentStatus.ASSIGNED, AssignmentStatus.FREE_OF_CONFLICT) and not given_back:
            yield f"evaluation: score sheet {sheet.id} belongs to an assignment that is {assignment.status.value}"


def _agreements(session: Session) -> Iterator[str]:
    """A mark that holds has the assent of everybody whose final scores count and who still sits."""
    assented = (
        select(Assent.id).where(Assent.mark_id == AgreedMark.id, Assent.person_id == Assignment.person_id).exists()
    )
    query = (
        select(AgreedMark.id)
        .join(Assignment, Assignment.application_id == AgreedMark.application_id)
        .join(TieRow, (TieRow.object_id == Assignment.application_id) & (TieRow.person_id == Assignment.person_id))
        .where(AgreedMark.status == AgreementStatus.AGREED, ~assented)
        .where(Assignment.status == AssignmentStatus.FINALISED)
        .where(TieRow.tie == Tie.ASSIGNED, TieRow.until.is_(None))
        .order_by(AgreedMark.id)
    )
    for mark_id in session.scalars(query.distinct()):
        yield f"evaluation: mark {mark_id} is agreed without the assent of every evaluator"


def _conflicts(session: Session) -> Iterator[str]:
    """Nobody in conflict holds an assignment that opens the proposal."""
    query = (
        select(Assignment.id)
        .join(TieRow, (TieRow.object_id == Assignment.application_id) & (TieRow.person_id == Assignment.person_id))
        .where(TieRow.tie == Tie.CONFLICTED, TieRow.until.is_(None), Assignment.status.in_(MAY_READ))
        .order_by(Assignment.id)
    )
    for assignment_id in session.scalars(query):
        yield f"evaluation: assignment {assignment_id} is open to somebody in conflict"
