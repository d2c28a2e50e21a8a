"""Files given as answers: stored, linked to the sheet, and written into the answer as one more version of it.

Who may, and whether the sheet is still open, is the caller's to say; what is told of it in the trail too.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, known_among, store_upload
from portal.documents.rules import FileRules
from portal.questionnaires.models import AnswerFile, AnswerSheet
from portal.questionnaires.operations.saving import save_section
from portal.questionnaires.queries import answers_of, form_of, live_answer_files
from portal.questionnaires.rules import Question, QuestionType
from portal.questionnaires.rules.design import FILE_KINDS, LARGEST_MB, MOST_FILES

MEGABYTE = 1024 * 1024
Files = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Binder:
    """Who adds files to which sheet, or takes some out, and when."""

    session: Session
    sheet: AnswerSheet
    actor: Actor
    now: datetime


def files_asked(session: Session, *, sheet: AnswerSheet, key: str) -> FileRules:
    """What is asked of the files of one answer. Raises NotFound for whatever asks for none."""
    question = _question(session, sheet, key)
    present = live_answer_files(session, sheet.id, key)
    return replace(_rules(question), known=known_among(files=[row.file for row in present]))


def attach_files(*, binder: Binder, key: str, uploads: Sequence[Arrived]) -> list[StoredFile]:
    """Add files to an answer, and return the new ones; one that is there already changes nothing.

    Raises Invalid: none is kept.
    """
    session, sheet, question = binder.session, binder.sheet, _question(binder.session, binder.sheet, key)
    present = live_answer_files(session, sheet.id, key)
    known = {row.file.sha256: row.file for row in present}
    new: dict[str, StoredFile] = {}
    for upload in uploads:
        file = store_upload(
            session, upload=upload, rules=_rules(question), present=[*known.values(), *new.values()],
            actor=binder.actor, now=binder.now,
        )  # fmt: skip
        new |= {file.sha256: file} if file.sha256 not in known else {}
    if len(present) + len(new) > (question.max_files or MOST_FILES):
        raise Invalid(lazy_("Too many files: at most %(most)s.", most=question.max_files or MOST_FILES), key)
    for file in new.values():
        session.add(AnswerFile(sheet_id=sheet.id, key=key, file_id=file.id, added_at=binder.now,
                               added_by=binder.actor.person_id, file=file))  # fmt: skip
    if new:
        _write(binder, question, lambda files: files + _named(new.values()))
    return list(new.values())


def detach_files(*, binder: Binder, rows: Sequence[AnswerFile]) -> None:
    """End the rows of files and write their answers without them; the bytes stay."""
    form = form_of(binder.session, binder.sheet)
    for row in rows:
        row.removed_at = binder.now
    for key in dict.fromkeys(row.key for row in rows):
        question = form.question(key)
        if question is not None:
            gone = {str(row.file_id) for row in rows if row.key == key}
            _write(binder, question, partial(_without, gone=gone))


def attached(session: Session, *, sheet: AnswerSheet, key: str, file_id: str) -> list[AnswerFile]:
    """The row of a file that an answer holds now; none where it is not there. Raises NotFound as above."""
    question = _question(session, sheet, key)
    return [row for row in live_answer_files(session, sheet.id, question.key) if str(row.file_id) == file_id]


def _without(files: Files, *, gone: Collection[str]) -> Files:
    return [file for file in files if file["id"] not in gone]


def _question(session: Session, sheet: AnswerSheet, key: str) -> Question:
    question = form_of(session, sheet).question(key)
    if question is None or question.type is not QuestionType.FILES:
        raise NotFound
    return question


def _rules(question: Question) -> FileRules:
    limit = (question.max_mb or LARGEST_MB) * MEGABYTE
    accept = question.accept or sorted(FILE_KINDS)
    return FileRules(accept, limit, field=question.key, strip=question.strip_metadata)


def _named(files: Any) -> Files:
    return [
        {"id": str(each.id), "name": each.name, "media_type": each.media_type, "size": str(each.size_bytes)}
        for each in files
    ]


def _write(binder: Binder, question: Question, change: Callable[[Files], Files]) -> None:
    """Put the files into the answer, on top of the version that is there now. Raises Conflict when it just changed."""
    session, sheet = binder.session, binder.sheet
    answer = answers_of(session, sheet.id).get(question.key)
    value = answer.value.get("value") if answer else None
    files = [{name: str(part) for name, part in each.items()} for each in value or []]
    saved = save_section(
        session, sheet=sheet, section=form_of(session, sheet).section_of[question.key],
        typed={question.key: change(files)}, base={question.key: answer.version if answer else 0}, areas=(),
        actor=binder.actor, now=binder.now,
    )  # fmt: skip
    if saved.conflicts:
        raise Conflict(lazy_("Somebody changed these files at the same moment. Try again."), question.key)
