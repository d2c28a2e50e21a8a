"""Files given as answers of a draft: who may, while the phase is open, and what the trail says of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.applications.operations.refusals import must_be_open
from portal.applications.operations.write import hold_draft
from portal.applications.queries import application_for
from portal.core.actor import Actor
from portal.core.audit import record
from portal.documents.operations import Arrived
from portal.documents.rules import FileRules
from portal.questionnaires.models import AnswerFile
from portal.questionnaires.operations.answering import Binder, attach_files, attached, detach_files, files_asked


def answer_rules(session: Session, *, application_id: UUID, question_key: str, actor: Actor) -> FileRules:
    """What is asked of the files of one answer, to whoever may add them. Raises NotFound."""
    application = application_for(session, application_id, actor, Action.DRAFT_WRITE)
    return files_asked(session, sheet=application.sheet, key=question_key)


def attach_answer_files(
    session: Session,
    *,
    application: Application,
    question_key: str,
    uploads: Sequence[Arrived],
    actor: Actor,
    now: datetime,
) -> None:
    """Add files to an answer; one that is there already changes nothing. Raises Invalid: none is kept."""
    _must_be_writable(session, application, actor, now)
    binder = Binder(session, application.sheet, actor, now)
    for file in attach_files(binder=binder, key=question_key, uploads=uploads):
        after = {"question": question_key, "name": file.name, "sha256": file.sha256}
        record(session, at=now, actor=actor, event="application.file_attached", subject=application, after=after)


def detach_answer_file(
    session: Session, *, application: Application, question_key: str, file_id: str, actor: Actor, now: datetime
) -> None:
    """Take a file out of an answer; its row and its bytes stay. Taking away what is not there changes nothing."""
    _must_be_writable(session, application, actor, now)
    gone = attached(session, sheet=application.sheet, key=question_key, file_id=file_id)
    if gone:
        after = {"question": question_key, "name": gone[0].file.name}
        record(session, at=now, actor=actor, event="application.file_removed", subject=application, after=after)
        take_out(session, application=application, rows=gone, actor=actor, now=now)


def take_out(
    session: Session, *, application: Application, rows: Sequence[AnswerFile], actor: Actor, now: datetime
) -> None:
    """End the rows of files and write their answers without them; who may is for the caller to say."""
    detach_files(binder=Binder(session, application.sheet, actor, now), rows=rows)


def _must_be_writable(session: Session, application: Application, actor: Actor, now: datetime) -> None:
    authorise(actor, Action.DRAFT_WRITE, application)
    hold_draft(session, application=application)
    must_be_open(phase=application.phase, at=now)
