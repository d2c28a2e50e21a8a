"""Several people press save at the same instant: one wins, the others are told, nothing is lost (P4)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from portal.core.db import database, new_id
from portal.questionnaires.models import AnswerSheet, FormRevision
from portal.questionnaires.operations import FormChanged, create_sheet, publish_form, rebase_sheet, save_section
from portal.questionnaires.queries import answers_of, form_of, history_of
from portal.questionnaires.rules import QuestionType
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


@both_engines
def test_a_save_and_a_change_of_the_form_at_once_leave_one_of_them_whole(app, store, now):
    with store() as session:
        form = publish_form(session, owner_id=new_id(), sections=make_sections(), now=now)
        sheet_id = create_sheet(session, form_revision_id=form.id, now=now).id
        (section,) = make_sections()
        numbers = [replace(each, type=QuestionType.NUMBER, tag=None) for each in section.questions[:1]]
        later = publish_form(
            session, owner_id=form.owner_id, sections=[replace(section, questions=numbers)], now=now
        ).id
    start = Barrier(2)

    def change():
        with app.app_context(), Session(database.engine) as session:
            sheet, revision = session.get_one(AnswerSheet, sheet_id), session.get_one(FormRevision, later)
            start.wait()
            rebase_sheet(session, sheet=sheet, revision=revision, actor=make_writer(), now=now)
            session.commit()

    def press():
        start.wait()
        try:
            _save(app, sheet_id, "Prima", {}, now)
        except FormChanged:
            return "refused"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        moved, pressed = pool.submit(change), pool.submit(press)
        moved.result()
    with store() as session:
        kept = answers_of(session, sheet_id).get("the_text")
        fault = {"value": None, "typed": "Prima", "fault": True}
        assert (kept is None) is (pressed.result() == "refused")
        assert kept is None or kept.value == fault


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
