"""Invariants of forms and answers: a published form is as it was, a present answer is the last of its history."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.questionnaires.definition import form_hash
from portal.questionnaires.models import Answer, AnswerVersion, FormRevision


def broken(session: Session) -> Iterator[str]:
    """One line for each form whose hash differs, each answer that is not its newest version, each gap of a history."""
    for revision in session.scalars(select(FormRevision).order_by(FormRevision.id)):
        if form_hash(revision.definition) != revision.sha256:
            yield f"questionnaires: form revision {revision.id} differs from its hash"
    yield from _answers_apart(session)


def _answers_apart(session: Session) -> Iterator[str]:
    newest = (
        select(
            AnswerVersion.sheet_id,
            AnswerVersion.key,
            func.max(AnswerVersion.version).label("last"),
            func.count().label("rows"),
        )
        .group_by(AnswerVersion.sheet_id, AnswerVersion.key)
        .subquery()
    )
    query = (
        select(Answer, AnswerVersion, newest.c.last, newest.c.rows)
        .outerjoin(newest, (newest.c.sheet_id == Answer.sheet_id) & (newest.c.key == Answer.key))
        .outerjoin(
            AnswerVersion,
            (AnswerVersion.sheet_id == Answer.sheet_id)
            & (AnswerVersion.key == Answer.key)
            & (AnswerVersion.version == Answer.version),
        )
        .order_by(Answer.id)
    )
    for answer, version, last, rows in session.execute(query.execution_options(yield_per=500)):
        place = f"questionnaires: answer {answer.key} of sheet {answer.sheet_id}"
        if version is None or version.value != answer.value or last != answer.version:
            yield f"{place} is not the last of its history"
        elif rows != last:
            yield f"{place} has a gap in its history"
