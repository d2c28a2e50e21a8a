"""Carrying a draft over to a newer revision of its form."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.questionnaires.definition import form_from_json
from portal.questionnaires.models import Answer, AnswerSheet, FormRevision
from portal.questionnaires.pen import Pen, lock_sheet, present_answers, replace_answer
from portal.questionnaires.rules import Question
from portal.questionnaires.rules.compare import Change, compare_forms
from portal.questionnaires.rules.rebasing import rebased_answer

TRIES = 5


def rebase_sheet(
    session: Session,
    *,
    sheet: AnswerSheet,
    revision: FormRevision,
    actor: Actor,
    now: datetime,
    areas: Collection[str] = (),
) -> list[Change]:
    """Let a sheet answer another revision of its form, and return the changes that touch answered questions.

    Answers that fit stay as they are; one that no longer reads becomes a fault that keeps what was typed, as a further
    version of the answer; those to questions that are gone are kept and not counted. No history is lost.
    `areas` are the keys of the target areas, for questions that ask for one now and did not before.
    Whether the sheet is still open, and who is told, is the caller's to say. Raises Conflict for another owner's form,
    FormChanged when somebody else carried it over since it was read.
    """
    lock_sheet(session, sheet)
    earlier = session.get_one(FormRevision, sheet.form_revision_id)
    if earlier.owner_id != revision.owner_id:
        raise Conflict(lazy_("These answers belong to another form."))
    old, new = form_from_json(earlier.definition), form_from_json(revision.definition)
    pen = Pen(session, sheet, actor.person_id, now)
    answers = present_answers(session, sheet.id)
    for key, answer in answers.items():
        before, after = old.question(key), new.question(key)
        if before is not None and after is not None:
            _carry(pen, answer, before, after, areas)
    sheet.form_revision_id = revision.id
    session.flush()
    session.expire(sheet, ["revision"])
    answered = {key for key, answer in answers.items() if _says_something(answer.value)}
    return [change for change in compare_forms(old, new) if change.key in answered]


def _carry(pen: Pen, answer: Answer, before: Question, after: Question, areas: Collection[str]) -> None:
    """Write the carried answer unless nothing changes; again when somebody saves at the same instant."""
    for _again in range(TRIES):
        carried = rebased_answer(before, after, answer.value, areas)
        if carried == answer.value or replace_answer(pen, answer, carried):
            return
    raise Conflict


def _says_something(value: dict[str, Any]) -> bool:
    return value.get("value") is not None or bool(value.get("fault"))
