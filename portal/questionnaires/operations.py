"""Publishing forms, opening sheets, saving answers without ever overwriting somebody else's (P4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.db import new_id
from portal.core.i18n import lazy_
from portal.questionnaires.definition import form_hash, form_to_json
from portal.questionnaires.models import Answer, AnswerSheet, AnswerVersion, FormRevision
from portal.questionnaires.rules import (
    Conflicting,
    Question,
    QuestionType,
    Section,
    SectionSaved,
    fault_of,
    form_from_design,
    stored_answer,
)


def publish_form(session: Session, *, owner_id: UUID, sections: list[Section], now: datetime) -> FormRevision:
    """A new revision of the owner's form; the existing one when nothing differs. Raises MalformedForm."""
    definition = form_to_json(form_from_design(sections))
    sha256 = form_hash(definition)
    same = select(FormRevision).where(FormRevision.owner_id == owner_id, FormRevision.sha256 == sha256)
    existing = session.scalars(same.order_by(FormRevision.number.desc())).first()
    if existing is not None:
        return existing
    last = session.scalar(select(func.max(FormRevision.number)).where(FormRevision.owner_id == owner_id))
    revision = FormRevision(
        owner_id=owner_id, number=(last or 0) + 1, definition=definition, sha256=sha256, created_at=now
    )
    session.add(revision)
    session.flush()
    return revision


def create_sheet(session: Session, *, form_revision_id: UUID, now: datetime) -> AnswerSheet:
    """An empty sheet for one revision."""
    sheet = AnswerSheet(form_revision_id=form_revision_id, saved_at=now)
    session.add(sheet)
    session.flush()
    return sheet


def save_section(
    session: Session,
    *,
    sheet: AnswerSheet,
    section: Section,
    typed: Mapping[str, str],
    base: Mapping[str, int],
    areas: Collection[str],
    actor: Actor,
    now: datetime,
) -> SectionSaved:
    """Save what changed since `base` (the version of each answer that the sender saw; 0: none yet).

    An answer that somebody else changed meanwhile stays as it is and is reported; the others are saved.
    The history is in `answer_version`, one row a change. Whether the sheet is still open is the caller's to say.
    """
    pen = _Pen(session, sheet, actor.person_id, now)
    outcome = SectionSaved(versions={}, conflicts=[], faults={}, refused={})
    present = _present(session, sheet.id)
    for question in section.questions:
        if not _was_sent(question, typed, base):
            continue
        text = typed.get(question.key)
        if text is not None and len(text) > question.most_kept:
            outcome.refused[question.key] = _too_long(question)
            continue
        mine = stored_answer(question, text, areas=areas)
        saved = _save(pen, present.get(question.key), question.key, mine, base.get(question.key, 0))
        if isinstance(saved, Conflicting):
            outcome.conflicts.append(saved)
            continue
        outcome.versions[question.key] = saved
        if (fault := fault_of(question, mine)) is not None:
            outcome.faults[question.key] = fault
    sheet.saved_at = now
    session.flush()
    return outcome


@dataclass(frozen=True, slots=True)
class _Pen:
    """Who writes on which sheet, and when."""

    session: Session
    sheet: AnswerSheet
    person_id: UUID | None
    now: datetime


def _present(session: Session, sheet_id: UUID) -> dict[str, Answer]:
    query = select(Answer).where(Answer.sheet_id == sheet_id).order_by(Answer.key)
    return {answer.key: answer for answer in session.scalars(query.execution_options(populate_existing=True))}


def _too_long(question: Question) -> object:
    return lazy_(
        "This text is too long to be kept, even in a draft. Shorten it to %(limit)s characters.",
        limit=question.limit or question.most_kept,
    )


def _was_sent(question: Question, typed: Mapping[str, str], base: Mapping[str, int]) -> bool:
    """A declaration that is not ticked sends nothing but its version."""
    if question.type is QuestionType.DECLARATION:
        return question.key in typed or question.key in base
    return typed.get(question.key) is not None


def _save(pen: _Pen, answer: Answer | None, key: str, mine: dict[str, Any], base: int) -> int | Conflicting:
    if answer is None:
        return _first(pen, key, mine)
    if answer.value == mine:
        return answer.version
    if base == answer.version and _replace(pen, answer, mine):
        return answer.version
    return _settle(pen, answer, mine)


def _first(pen: _Pen, key: str, mine: dict[str, Any]) -> int | Conflicting:
    """Insert the first version; nothing at all for an empty answer."""
    if mine["value"] is None and not mine.get("fault"):
        return 0
    row = Answer(sheet_id=pen.sheet.id, key=key, value=mine, version=1, saved_at=pen.now, saved_by=pen.person_id)
    try:
        with pen.session.begin_nested():
            pen.session.add(row)
    except IntegrityError:
        query = select(Answer).where(Answer.sheet_id == pen.sheet.id, Answer.key == key)
        return _settle(pen, pen.session.scalars(query).one(), mine)
    _remember(pen, key, mine, 1)
    return 1


def _replace(pen: _Pen, answer: Answer, mine: dict[str, Any]) -> bool:
    statement = (
        update(Answer)
        .where(Answer.id == answer.id, Answer.version == answer.version)
        .values(value=mine, version=answer.version + 1, saved_at=pen.now, saved_by=pen.person_id)
        .execution_options(synchronize_session=False)
    )
    written: bool = pen.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
    pen.session.refresh(answer)
    if written:
        _remember(pen, answer.key, mine, answer.version)
    return written


def _settle(pen: _Pen, answer: Answer, mine: dict[str, Any]) -> int | Conflicting:
    """Somebody else was first: no conflict when both wrote the same."""
    pen.session.refresh(answer)
    if answer.value == mine:
        return answer.version
    return Conflicting(
        key=answer.key,
        mine=mine,
        theirs=answer.value,
        their_version=answer.version,
        their_at=answer.saved_at,
        their_by=answer.saved_by,
    )


def _remember(pen: _Pen, key: str, value: dict[str, Any], version: int) -> None:
    pen.session.add(
        AnswerVersion(
            id=new_id(),
            sheet_id=pen.sheet.id,
            key=key,
            version=version,
            value=value,
            saved_at=pen.now,
            saved_by=pen.person_id,
        )
    )
