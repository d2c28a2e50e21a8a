"""Reading forms and answers. Who may read a sheet is decided by the room that owns it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.errors import NotFound
from portal.questionnaires.definition import form_from_json
from portal.questionnaires.models import Answer, AnswerFile, AnswerSheet, AnswerVersion, FormRevision
from portal.questionnaires.rules import Form


@dataclass(frozen=True)
class _Published:
    """The definition of a form, told apart by its hash alone."""

    sha256: str
    definition: dict[str, Any] = field(compare=False, repr=False)


@lru_cache(maxsize=128)
def _read(published: _Published) -> Form:
    return form_from_json(published.definition)


def form_of(session: Session, sheet: AnswerSheet) -> Form:
    """The form that a sheet answers, as it was published; read once a process, since it never changes."""
    return form_revised(session, sheet.form_revision_id)


def form_revised(session: Session, form_revision_id: UUID) -> Form:
    """The form of one revision, whichever a sheet answers by now."""
    revision = session.get_one(FormRevision, form_revision_id)
    return _read(_Published(revision.sha256, revision.definition))


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


def version_of(session: Session, sheet_id: UUID, key: str, version: int) -> AnswerVersion:
    """One version of one answer, or NotFound."""
    query = select(AnswerVersion).where(AnswerVersion.sheet_id == sheet_id, AnswerVersion.key == key)
    found = session.scalars(query.where(AnswerVersion.version == version)).one_or_none()
    if found is None:
        raise NotFound
    return found


def live_answer_files(session: Session, sheet_id: UUID, key: str | None = None) -> Sequence[AnswerFile]:
    """The files that answers of a sheet hold now, the first one given first; of one question where `key` is given."""
    query = select(AnswerFile).where(AnswerFile.sheet_id == sheet_id, AnswerFile.removed_at.is_(None))
    if key is not None:
        query = query.where(AnswerFile.key == key)
    return session.scalars(query.options(joinedload(AnswerFile.file)).order_by(AnswerFile.id)).all()
