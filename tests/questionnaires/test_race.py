"""Several people press save at the same instant: one wins, the others are told, nothing is lost (P4)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from portal.core.db import database, new_id
from portal.questionnaires.models import AnswerSheet
from portal.questionnaires.operations import create_sheet, publish_form, save_section
from portal.questionnaires.queries import answers_of, form_of, history_of
from tests.engines import both_engines
from tests.factories.questionnaires import make_sections, make_writer

WRITERS = 4


@both_engines
@pytest.mark.parametrize("answered", [False, True])
def test_one_of_many_savers_wins_and_the_others_see_the_winner(app, store, now, answered):
    with store() as session:
        form = publish_form(session, owner_id=new_id(), sections=make_sections(), now=now)
        sheet_id = create_sheet(session, form_revision_id=form.id, now=now).id
    base = {"the_text": _save(app, sheet_id, "Prima", {}, now).versions["the_text"]} if answered else {}
    start = Barrier(WRITERS)

    def press(number: int):
        start.wait()
        return _save(app, sheet_id, f"Di {number}", base, now)

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(press, range(WRITERS)))
    conflicts = [conflict for outcome in outcomes for conflict in outcome.conflicts]
    with store() as session:
        kept = answers_of(session, sheet_id)["the_text"]
        assert [row.version for row in history_of(session, sheet_id, "the_text")] == [*range(1, kept.version + 1)]
        assert kept.version == 1 + answered
        assert len(conflicts) == WRITERS - 1
        assert all(conflict.theirs == kept.value for conflict in conflicts)


def _save(app, sheet_id, words, base, now):
    with app.app_context(), Session(database.engine) as session:
        sheet = session.get_one(AnswerSheet, sheet_id)
        section = form_of(session, sheet).sections[0]
        saved = save_section(
            session, sheet=sheet, section=section, typed={"the_text": words}, base=base, areas=(),
            actor=make_writer(), now=now,
        )  # fmt: skip
        session.commit()
    return saved
