"""What stands of an evaluation in numbers: sheets, drafts, agreed marks, open questions; one statement each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.evaluation.agreeing import AgreementStatus
from portal.evaluation.clarifying import ClarificationStatus
from portal.evaluation.models import AgreedMark, Assignment, Clarification, Score, ScoreSheet
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


def asked_of(session: Session, keys: Sequence[UUID]) -> int:
    """How many questions to applicants wait for chair or office."""
    query = select(func.count(Clarification.id)).where(
        Clarification.application_id.in_(keys), Clarification.status == ClarificationStatus.ASKED
    )
    return session.scalar(query) or 0
