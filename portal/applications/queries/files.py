"""The files of applications: earlier versions, one file with all that is known of it, where a file is used."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.applications.content import file_ids
from portal.applications.models import Application, ApplicationFile
from portal.applications.queries.integration import integration_files
from portal.documents.models import StoredFile
from portal.documents.rules import ScanState
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


def uses_of(session: Session, file_id: UUID) -> list[tuple[Application, str | None]]:
    """The applications in which a file counts, each once, with the document that it is (None: an answer).

    Of a draft that is what stands in it now, of what was sent what was registered: a file that was never sent is
    nobody's but its team's.
    """
    documents = select(ApplicationFile).where(ApplicationFile.file_id == file_id)
    answers = select(Application, AnswerFile).join(AnswerFile, AnswerFile.sheet_id == Application.sheet_id)
    rows: list[tuple[Application, str | None, bool]] = [
        (row.application, row.document_key, row.removed_at is None)
        for row in session.scalars(
            documents.options(joinedload(ApplicationFile.application)).order_by(ApplicationFile.id)
        )
    ]
    rows += [
        (row[0], None, row[1].removed_at is None)
        for row in session.execute(answers.where(AnswerFile.file_id == file_id).order_by(AnswerFile.id))
    ]
    found: dict[UUID, tuple[Application, str | None]] = {}
    for application, document, is_live in rows:
        if _counts(application, file_id, is_live=is_live):
            found.setdefault(application.id, (application, document))
    return list(found.values())


def _counts(application: Application, file_id: UUID, *, is_live: bool) -> bool:
    if application.is_draft:
        return is_live
    submission = application.submission
    return submission is not None and str(file_id) in file_ids(submission.content)


def blocked_answer_files(session: Session, sheet_id: UUID) -> Sequence[AnswerFile]:
    """The files with a virus that answers of a sheet held, the first one given first."""
    query = select(AnswerFile).join(AnswerFile.file).where(AnswerFile.sheet_id == sheet_id)
    query = query.where(StoredFile.scan_state == ScanState.INFECTED).options(joinedload(AnswerFile.file))
    return session.scalars(query.order_by(AnswerFile.id)).all()


def registered_files_blocked(session: Session, application: Application) -> Sequence[StoredFile]:
    """The files with a virus among what was sent: documents, answers, completions; by when it was found.

    Of the version that counts, not of the draft: who reopened it may have changed the files and kept that version.
    """
    submission = application.submission
    registered = [UUID(each) for each in file_ids(submission.content)] if submission else []
    is_sent = or_(StoredFile.id.in_(registered), StoredFile.id.in_(integration_files(application.id, sent_only=True)))
    query = select(StoredFile).where(StoredFile.scan_state == ScanState.INFECTED, is_sent)
    return session.scalars(query.order_by(StoredFile.scanned_at, StoredFile.id)).all()
