"""A pen on a sheet: one answer written as its next version, never over somebody else's (P4).

The sheet is locked first; each version goes to the history.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.db import new_id
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.questionnaires.models import Answer, AnswerSheet, AnswerVersion
from portal.questionnaires.rules import Conflicting


class FormChanged(Conflict):
    """The sheet answers another revision by now."""

    default = lazy_(
        "The questions changed while this page was open. What you wrote is still here: copy it, then reload the page."
    )


def lock_sheet(session: Session, sheet: AnswerSheet) -> None:
    """Saving a sheet and carrying it over go one after the other. Raises FormChanged when it was carried over."""
    query = select(AnswerSheet.form_revision_id).where(AnswerSheet.id == sheet.id).with_for_update()
    if session.scalar(query) != sheet.form_revision_id:
        raise FormChanged


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes on which sheet, and when."""

    session: Session
    sheet: AnswerSheet
    person_id: UUID | None
    now: datetime


def present_answers(session: Session, sheet_id: UUID) -> dict[str, Answer]:
    """The answers of a sheet by key, as the database has them now."""
    query = select(Answer).where(Answer.sheet_id == sheet_id).order_by(Answer.key)
    return {answer.key: answer for answer in session.scalars(query.execution_options(populate_existing=True))}


def save_answer(pen: Pen, answer: Answer | None, key: str, mine: dict[str, Any], base: int) -> int | Conflicting:
    """Write what changed since version `base`; returns the present version, or the two that differ."""
    if answer is None:
        return _first(pen, key, mine)
    if answer.value == mine:
        return answer.version
    if base == answer.version and replace_answer(pen, answer, mine):
        return answer.version
    return _settle(pen, answer, mine)


def replace_answer(pen: Pen, answer: Answer, mine: dict[str, Any]) -> bool:
    """Write the next version unless somebody else just did; the answer is as the database has it afterwards."""
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


def _first(pen: Pen, key: str, mine: dict[str, Any]) -> int | Conflicting:
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


def _settle(pen: Pen, answer: Answer, mine: dict[str, Any]) -> int | Conflicting:
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


def _remember(pen: Pen, key: str, value: dict[str, Any], version: int) -> None:
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
