"""What keeps a form from being sent, and what its tagged answers say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.questionnaires.definition import form_from_json, form_hash, form_to_json
from portal.questionnaires.rules import (
    MalformedForm,
    Option,
    QuestionType,
    Section,
    check_form,
    form_from_design,
    section_state,
    stored_answer,
    tagged,
)
from tests.factories.base import bari_design
from tests.factories.questionnaires import AREAS, COMPLETE, make_question, make_sections, text

FORM = form_from_design(make_sections())
BY_KEY = {question.key: question for question in FORM.questions}
KEYS = list(BY_KEY)


def stored(typed):
    """What is kept of these texts."""
    return {key: stored_answer(BY_KEY[key], words, areas=AREAS) for key, words in typed.items()}


def test_a_complete_form_can_be_sent():
    assert check_form(FORM, stored(COMPLETE)) == {}
    assert section_state(FORM.sections[0], stored(COMPLETE)).is_complete


@given(st.sets(st.sampled_from(KEYS)))
def test_each_answer_left_out_is_missing_and_nothing_else(missing):
    values = stored({key: words for key, words in COMPLETE.items() if key not in missing})
    assert set(check_form(FORM, values)) == missing
    state = section_state(FORM.sections[0], values)
    assert (state.missing, state.faults) == (len(missing), 0)


def test_faults_and_missing_answers_are_told_apart():
    values = stored(COMPLETE | {"the_money": "1234.50", "the_text": "", "the_declaration": ""})
    state = section_state(FORM.sections[0], values)
    assert (state.missing, state.faults, state.is_complete) == (2, 1, False)


def test_nothing_is_missing_where_nothing_is_required():
    form = form_from_design(make_sections(required=False))
    assert check_form(form, {}) == {}
    assert list(check_form(form, stored({"the_date": "30/02/2026"}))) == ["the_date"]


def test_a_text_over_its_limit_is_kept_but_cannot_be_sent(app):
    question = make_question(QuestionType.LONG_TEXT, max_chars=10)
    form = form_from_design([Section("one", text("Uno"), [question])])
    kept = stored_answer(question, "x" * 13, areas=())
    assert kept == {"value": "x" * 13}
    with app.app_context():
        assert "3" in str(check_form(form, {question.key: kept})[question.key])


def test_tagged_answers_come_in_the_order_of_the_form_without_faulty_ones():
    costs = [make_question(QuestionType.MONEY, key=f"c{n}", tag="budget.cost") for n in range(3)]
    form = form_from_design([Section("b", text("Bilancio"), costs)])
    values: dict[str, dict[str, object]] = {
        "c2": {"value": 3},
        "c0": {"value": 0},
        "c1": {"value": None, "typed": "x", "fault": True},
    }
    assert tagged(form, values, "budget.cost") == [0, 3]
    assert tagged(form, values, "budget.requested") == []


@pytest.mark.parametrize(
    "questions",
    [
        [make_question(), make_question()],
        [make_question(key="csrf_token")],
        [make_question(key="v-title")],
        [make_question(key="a b")],
        [make_question(key="k" * 65)],
        [make_question(QuestionType.CHOICE, options=[])],
        [make_question(QuestionType.CHOICE, options=[Option("a", text("A")), Option("a", text("B"))])],
    ],
)
def test_a_form_whose_questions_cannot_be_told_apart_is_refused(questions):
    with pytest.raises(MalformedForm):
        form_from_design([Section("s", text("S"), questions)])


def test_two_sections_need_two_keys():
    with pytest.raises(MalformedForm):
        form_from_design([Section("s", text("S"), []), Section("s", text("S"), [])])


def test_the_real_form_of_bari_survives_storage():
    form = form_from_design(bari_design().questionnaire.sections)
    again = form_from_json(form_to_json(form))
    assert again == form
    assert form_hash(form_to_json(again)) == form_hash(form_to_json(form))
    assert form.section("budget") in form.sections
    assert form.section("nowhere") is None
