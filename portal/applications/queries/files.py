"""The files of applications: earlier versions, one file with all that is known of it, where a file is used."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.applications.models import Application, ApplicationFile
from portal.questionnaires.models import AnswerFile

MOST_VERSIONS = 50


def earlier_files(session: Session, application_id: UUID) -> dict[str, list[ApplicationFile]]:
    """The files that were replaced or taken off, by document, the newest first."""
    query = (
        select(ApplicationFile)
        .where(ApplicationFile.application_id == application_id, ApplicationFile.removed_at.is_not(None))
        .options(joinedload(ApplicationFile.file))
        .order_by(ApplicationFile.removed_at.desc(), ApplicationFile.id.desc())
        .limit(MOST_VERSIONS)
    )
    found: dict[str, list[ApplicationFile]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.document_key].append(row)
    return found


def attached_rows_with(session: Session, file_id: UUID) -> Sequence[ApplicationFile]:
    """Where a file is attached now, by application."""
    query = select(ApplicationFile).where(ApplicationFile.file_id == file_id, ApplicationFile.removed_at.is_(None))
    return session.scalars(query.options(joinedload(ApplicationFile.application)).order_by(ApplicationFile.id)).all()


def answer_rows_with(session: Session, file_id: UUID) -> list[tuple[Application, AnswerFile]]:
    """Where a file is given as an answer now, with its application."""
    query = (
        select(Application, AnswerFile)
        .join(AnswerFile, AnswerFile.sheet_id == Application.sheet_id)
        .where(AnswerFile.file_id == file_id, AnswerFile.removed_at.is_(None))
        .order_by(AnswerFile.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
