"""Saving answers without ever overwriting somebody else's (P4)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.questionnaires.models import AnswerSheet
from portal.questionnaires.pen import Pen, lock_sheet, present_answers, save_answer
from portal.questionnaires.rules import (
    ROWS,
    Conflicting,
    Question,
    QuestionType,
    Section,
    SectionSaved,
    Typed,
    fault_of,
    refusal_of,
    stored_answer,
)

UNTICKED = frozenset({QuestionType.DECLARATION, QuestionType.CHOICES, *ROWS})
"""Types that send nothing when nothing is chosen."""


def save_section(
    session: Session,
    *,
    sheet: AnswerSheet,
    section: Section,
    typed: Mapping[str, Typed],
    base: Mapping[str, int],
    areas: Collection[str],
    actor: Actor,
    now: datetime,
) -> SectionSaved:
    """Save what changed since `base` (the version of each answer that the sender saw; 0: none yet).

    An answer that somebody else changed meanwhile stays as it is and is reported; the others are saved.
    The history is in `answer_version`, one row a change. Whether the sheet is still open is the caller's to say.
    Raises FormChanged when the sheet was carried over to another revision since the section was read.
    """
    lock_sheet(session, sheet)
    pen = Pen(session, sheet, actor.person_id, now)
    outcome = SectionSaved(versions={}, conflicts=[], faults={}, refused={})
    present = present_answers(session, sheet.id)
    for question in section.questions:
        if not _was_sent(question, typed, base):
            continue
        given = typed.get(question.key)
        if (refusal := refusal_of(question, given)) is not None:
            outcome.refused[question.key] = refusal
            continue
        mine = stored_answer(question, given, areas=areas)
        saved = save_answer(pen, present.get(question.key), question.key, mine, base.get(question.key, 0))
        if isinstance(saved, Conflicting):
            outcome.conflicts.append(saved)
            continue
        outcome.versions[question.key] = saved
        if (fault := fault_of(question, mine)) is not None:
            outcome.faults[question.key] = fault
    sheet.saved_at = now
    session.flush()
    return outcome


def _was_sent(question: Question, typed: Mapping[str, Typed], base: Mapping[str, int]) -> bool:
    """A declaration or a list of boxes of which none is ticked sends nothing but its version."""
    if question.is_computed:
        return False
    if question.type in UNTICKED:
        return question.key in typed or question.key in base
    return typed.get(question.key) is not None
