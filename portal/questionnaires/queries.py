"""Reading forms and answers. Who may read a sheet is decided by the room that owns it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.questionnaires.definition import form_from_json
from portal.questionnaires.models import Answer, AnswerSheet, AnswerVersion, FormRevision
from portal.questionnaires.rules import Form


def form_of(session: Session, sheet: AnswerSheet) -> Form:
    """The form that a sheet answers, as it was published."""
    revision = session.get_one(FormRevision, sheet.form_revision_id)
    return form_from_json(revision.definition)


def answers_of(session: Session, sheet_id: UUID) -> dict[str, Answer]:
    """The present answers of a sheet by key, in alphabetical order."""
    query = select(Answer).where(Answer.sheet_id == sheet_id).order_by(Answer.key)
    return {answer.key: answer for answer in session.scalars(query)}


def values_of(answers: Mapping[str, Answer]) -> dict[str, dict[str, Any]]:
    """The stored values of answers, by key."""
    return {key: answer.value for key, answer in answers.items()}


def history_of(session: Session, sheet_id: UUID, key: str) -> Sequence[AnswerVersion]:
    """Every version of one answer, the first one first."""
    query = select(AnswerVersion).where(AnswerVersion.sheet_id == sheet_id, AnswerVersion.key == key)
    return session.scalars(query.order_by(AnswerVersion.version)).all()
