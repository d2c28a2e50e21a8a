"""An application begins with what is known: what the one before said, what was told on the page of eligibility.

Nothing that is there is overwritten.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.applications.carrying import carried_answers
from portal.applications.given import given_in
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.questionnaires.models import AnswerSheet
from portal.questionnaires.operations import save_section
from portal.questionnaires.pen import Pen, lock_sheet, present_answers, save_answer
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import Typed


def carry_answers(session: Session, *, application: Application, actor: Actor, now: datetime) -> list[str]:
    """Write the answers of the registered version that it follows on its sheet; the keys that came over.

    They are the first version of each answer, marked until somebody changes them.
    """
    earlier = application.follows
    submission = earlier.submission if earlier else None
    if earlier is None or submission is None:
        return []
    sheet = session.get_one(AnswerSheet, application.sheet_id)
    lock_sheet(session, sheet)
    before, after = form_of(session, earlier.sheet), form_of(session, sheet)
    areas = [area.key for area in application.phase.design.areas]
    pen, present = Pen(session, sheet, actor.person_id, now), present_answers(session, sheet.id)
    came = carried_answers(given_in(submission.content), before, after, areas)
    for key, answer in came.items():
        if key not in present:
            save_answer(pen, None, key, answer, 0)
    application.carried = {key: 1 for key in came if key not in present}
    session.flush()
    return list(application.carried)


def carry_told(
    session: Session, *, application: Application, told: Mapping[str, Typed], actor: Actor, now: datetime
) -> None:
    """Write what its author answered on the page of eligibility on the sheet; nobody answers twice."""
    if not told:
        return
    sheet = session.get_one(AnswerSheet, application.sheet_id)
    areas = [area.key for area in application.phase.design.areas]
    for section in form_of(session, sheet).sections:
        typed = {each.key: told[each.key] for each in section.questions if told.get(each.key) not in (None, "", [])}
        if typed:
            save_section(session, sheet=sheet, section=section, typed=typed, base={}, areas=areas, actor=actor, now=now)
