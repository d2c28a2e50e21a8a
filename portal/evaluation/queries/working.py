"""What stands of an evaluation in numbers: sheets, drafts, agreed marks, open questions; one statement each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.evaluation.agreeing import AgreementStatus
from portal.evaluation.clarifying import ClarificationStatus
from portal.evaluation.models import (
    AgreedMark,
    Assignment,
    Clarification,
    ConflictDeclaration,
    ConflictSuggestion,
    Score,
    ScoreSheet,
    SuggestionDecision,
)
from portal.evaluation.progress import Work
from portal.evaluation.queries.sheets import is_last


def works_of(session: Session, assignments: Sequence[Assignment], keys: Sequence[UUID]) -> Mapping[UUID, list[Work]]:
    """What each assignment came to, by application."""
    query = (
        select(ScoreSheet.assignment_id, ScoreSheet.scores)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .where(Assignment.application_id.in_(keys), is_last())
    )
    given = {key: {criterion: each.get("mark", each["points"]) for criterion, each in scores.items()}
             for key, scores in session.execute(query)}  # fmt: skip
    saved = (
        select(Score.assignment_id, func.max(Score.saved_at))
        .join(Assignment)
        .where(Assignment.application_id.in_(keys))
    )
    drafts = dict(session.execute(saved.group_by(Score.assignment_id)).all())
    works: dict[UUID, list[Work]] = defaultdict(list)
    for each in assignments:
        touched = max(each.status_at, drafts.get(each.id, each.status_at))
        works[each.application_id].append(
            Work(each.id, each.application_id, each.person_id, each.status, touched, given.get(each.id))
        )
    return works


def written_of(session: Session, keys: Sequence[UUID]) -> dict[str, int]:
    """How many marks stand under each criterion, drafts and final ones."""
    query = (
        select(Score.criterion, func.count())
        .join(Assignment, Assignment.id == Score.assignment_id)
        .where(Assignment.application_id.in_(keys), Score.points_hundredths.is_not(None))
        .group_by(Score.criterion)
    )
    return dict(session.execute(query).all())


def agreed_of(session: Session, keys: Sequence[UUID]) -> Mapping[UUID, set[str]]:
    """The criteria whose common mark holds, by application."""
    query = select(AgreedMark.application_id, AgreedMark.criterion).where(
        AgreedMark.application_id.in_(keys), AgreedMark.status == AgreementStatus.AGREED
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for application, criterion in session.execute(query):
        found[application].add(criterion)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for chair or office in an evaluation, in numbers; and how many conflicts there are."""

    clarifications: int
    suggestions: int
    conflicts: int


def waiting_of(session: Session, keys: Sequence[UUID]) -> Waiting:
    """Questions to applicants, likenesses that nobody decided on (one a pair), conflicts that hold: one statement."""
    asked = select(func.count(Clarification.id)).where(
        Clarification.application_id.in_(keys), Clarification.status == ClarificationStatus.ASKED
    )
    undecided = ~exists().where(SuggestionDecision.suggestion_id == ConflictSuggestion.id)
    pairs = select(ConflictSuggestion.application_id, ConflictSuggestion.person_id).where(
        ConflictSuggestion.application_id.in_(keys), undecided
    )
    held = select(func.count(ConflictDeclaration.id)).where(
        ConflictDeclaration.application_id.in_(keys), ConflictDeclaration.has_conflict
    )
    suggested = select(func.count()).select_from(pairs.distinct().subquery())
    row = session.execute(select(asked.scalar_subquery(), suggested.scalar_subquery(), held.scalar_subquery())).one()
    return Waiting(*row)
