"""Files given as answers: stored, linked to the sheet, and written into the answer as one more version of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.applications.operations.refusals import must_be_open
from portal.applications.operations.write import hold_draft
from portal.applications.queries import application_for
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, known_among, store_upload
from portal.documents.rules import FileRules
from portal.questionnaires.models import AnswerFile
from portal.questionnaires.operations import save_section
from portal.questionnaires.queries import answers_of, form_of, live_answer_files
from portal.questionnaires.rules import Question, QuestionType, Section
from portal.questionnaires.rules.design import FILE_KINDS, LARGEST_MB, MOST_FILES

MEGABYTE = 1024 * 1024
Files = list[dict[str, str]]


def answer_rules(session: Session, *, application_id: UUID, question_key: str, actor: Actor) -> FileRules:
    """What is asked of the files of one answer, to whoever may add them. Raises NotFound."""
    application = application_for(session, application_id, actor, Action.DRAFT_WRITE)
    _section, question = _question(session, application, question_key)
    present = live_answer_files(session, application.sheet_id, question.key)
    return replace(_rules(question), known=known_among(files=[row.file for row in present]))


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
    section, question = _writable(session, application, question_key, actor, now)
    present = live_answer_files(session, application.sheet_id, question.key)
    known = {row.file.sha256: row.file for row in present}
    new: dict[str, StoredFile] = {}
    for upload in uploads:
        file = store_upload(
            session,
            upload=upload,
            rules=_rules(question),
            present=[*known.values(), *new.values()],
            actor=actor,
            now=now,
        )
        new |= {file.sha256: file} if file.sha256 not in known else {}
    if len(present) + len(new) > (question.max_files or MOST_FILES):
        raise Invalid(lazy_("Too many files: at most %(most)s.", most=question.max_files or MOST_FILES), question.key)
    for file in new.values():
        session.add(_link(application, question.key, file, actor, now))
        after = {"question": question.key, "name": file.name, "sha256": file.sha256}
        record(session, at=now, actor=actor, event="application.file_attached", subject=application, after=after)
    if new:
        _write(session, application, section, question, lambda files: files + _named(new.values()), actor, now)


def detach_answer_file(
    session: Session, *, application: Application, question_key: str, file_id: str, actor: Actor, now: datetime
) -> None:
    """Take a file out of an answer; its row and its bytes stay. Taking away what is not there changes nothing."""
    _section, question = _writable(session, application, question_key, actor, now)
    gone = [
        row for row in live_answer_files(session, application.sheet_id, question.key) if str(row.file_id) == file_id
    ]
    if gone:
        after = {"question": question.key, "name": gone[0].file.name}
        record(session, at=now, actor=actor, event="application.file_removed", subject=application, after=after)
        take_out(session, application=application, rows=gone, actor=actor, now=now)


def take_out(
    session: Session, *, application: Application, rows: Sequence[AnswerFile], actor: Actor, now: datetime
) -> None:
    """End the rows of files and write their answers without them; who may is for the caller to say."""
    form = form_of(session, application.sheet)
    for row in rows:
        row.removed_at = now
    for key in dict.fromkeys(row.key for row in rows):
        question = form.question(key)
        if question is not None:
            gone = {str(row.file_id) for row in rows if row.key == key}
            _write(session, application, form.section_of[key], question, partial(_without, gone=gone), actor, now)


def _without(files: Files, *, gone: Collection[str]) -> Files:
    return [file for file in files if file["id"] not in gone]


def _writable(
    session: Session, application: Application, key: str, actor: Actor, now: datetime
) -> tuple[Section, Question]:
    authorise(actor, Action.DRAFT_WRITE, application)
    hold_draft(session, application=application)
    must_be_open(phase=application.phase, at=now)
    return _question(session, application, key)


def _question(session: Session, application: Application, key: str) -> tuple[Section, Question]:
    form = form_of(session, application.sheet)
    question = form.question(key)
    if question is None or question.type is not QuestionType.FILES:
        raise NotFound
    return form.section_of[key], question


def _rules(question: Question) -> FileRules:
    limit = (question.max_mb or LARGEST_MB) * MEGABYTE
    accept = question.accept or sorted(FILE_KINDS)
    return FileRules(accept, limit, field=question.key, strip=question.strip_metadata)


def _link(application: Application, key: str, file: StoredFile, actor: Actor, now: datetime) -> AnswerFile:
    return AnswerFile(
        sheet_id=application.sheet_id, key=key, file_id=file.id, added_at=now, added_by=actor.person_id, file=file
    )


def _named(files: Any) -> Files:
    return [
        {"id": str(each.id), "name": each.name, "media_type": each.media_type, "size": str(each.size_bytes)}
        for each in files
    ]


def _write(
    session: Session,
    application: Application,
    section: Section,
    question: Question,
    change: Callable[[Files], Files],
    actor: Actor,
    now: datetime,
) -> None:
    """Put the files into the answer, on top of the version that is there now. Raises Conflict when it just changed."""
    answer = answers_of(session, application.sheet_id).get(question.key)
    value = answer.value.get("value") if answer else None
    files = [{name: str(part) for name, part in each.items()} for each in value or []]
    saved = save_section(
        session, sheet=application.sheet, section=section, typed={question.key: change(files)},
        base={question.key: answer.version if answer else 0}, areas=(), actor=actor, now=now,
    )  # fmt: skip
    if saved.conflicts:
        raise Conflict(lazy_("Somebody changed these files at the same moment. Try again."), question.key)
