"""Bringing an earlier version of an answer back, as its next version (P4)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.questionnaires.models import AnswerSheet
from portal.questionnaires.pen import Pen, lock_sheet, present_answers, save_answer
from portal.questionnaires.queries import version_of
from portal.questionnaires.rules import Conflicting, Question, QuestionType
from portal.questionnaires.rules.rebasing import rebased_answer

MADE_BY_HAND = frozenset({QuestionType.DECLARATION, QuestionType.FILES})
"""What is declared is declared anew, what is attached is attached anew: neither comes back with a button."""


class ChangedSince(Conflict):
    """Somebody wrote after the history was shown."""

    default = lazy_("This answer was changed after the page was opened. Look at the newest version, then choose again.")


def restore_answer(
    session: Session,
    *,
    sheet: AnswerSheet,
    before: Question,
    question: Question,
    version: int,
    base: int,
    areas: Collection[str],
    actor: Actor,
    now: datetime,
) -> int:
    """Write an earlier version again as the newest one, and return its number; nothing of the history goes.

    `base` is the version that the actor saw as the present one, `before` the question as it was asked when the earlier
    one was written: what the question no longer reads comes back as a fault that keeps what was typed. Raises NotFound
    for a version that never was, Invalid for an answer that is made by hand, ChangedSince when the answer is no longer
    at `base`, FormChanged when the sheet was carried over since it was read.
    """
    if question.is_computed or question.type in MADE_BY_HAND:
        raise Invalid(lazy_("This answer cannot be restored: give it again in its section."))
    lock_sheet(session, sheet)
    wanted = version_of(session, sheet.id, question.key, version)
    present = present_answers(session, sheet.id).get(question.key)
    if present is None or present.version != base:
        raise ChangedSince
    value: dict[str, Any] = rebased_answer(before, question, wanted.value, areas)
    saved = save_answer(Pen(session, sheet, actor.person_id, now), present, question.key, value, base)
    if isinstance(saved, Conflicting):
        raise ChangedSince
    sheet.saved_at = now
    session.flush()
    return saved
