"""What keeps a form from being sent, and what its tagged answers say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.questionnaires.definition import form_from_json, form_hash, form_to_json
from portal.questionnaires.rules import (
    CodeHolder,
    Condition,
    FilledForm,
    MalformedForm,
    Option,
    QuestionType,
    Section,
    Stored,
    advices,
    check_form,
    check_question,
    fault_of,
    form_from_design,
    section_state,
    stored_answer,
    tagged,
)
from tests.factories.base import bari_design
from tests.factories.questionnaires import (
    AREAS,
    COMPLETE,
    FILE,
    RICH,
    make_question,
    make_rich_sections,
    make_sections,
    text,
)

FORM = form_from_design(make_sections())
BY_KEY = {question.key: question for question in FORM.questions}
KEYS = list(BY_KEY)
CHOSEN = [Option("a", text("A")), Option("b", text("B"))]


def stored(typed):
    """What is kept of these texts."""
    return {key: stored_answer(BY_KEY[key], words, areas=AREAS) for key, words in typed.items()}


def test_a_complete_form_can_be_sent():
    assert check_form(FORM, stored(COMPLETE)) == {}
    assert section_state(FilledForm(FORM, stored(COMPLETE)), FORM.sections[0]).is_complete


@given(st.sets(st.sampled_from(KEYS)))
def test_each_answer_left_out_is_missing_and_nothing_else(missing):
    values = stored({key: words for key, words in COMPLETE.items() if key not in missing})
    assert set(check_form(FORM, values)) == missing
    state = section_state(FilledForm(FORM, values), FORM.sections[0])
    assert (state.missing, state.faults) == (len(missing), 0)


def test_faults_and_missing_answers_are_told_apart():
    values = stored(COMPLETE | {"the_money": "1234.50", "the_text": "", "the_declaration": ""})
    state = section_state(FilledForm(FORM, values), FORM.sections[0])
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


LIMITS = [
    (QuestionType.NUMBER, {"minimum": Decimal(3)}, "2", "3"),
    (QuestionType.NUMBER, {"maximum": Decimal(3)}, "4", "3"),
    (QuestionType.MONEY, {"minimum": Decimal("15.50")}, "15,49", "15,50"),
    (QuestionType.PERCENTAGE, {"maximum": Decimal(100)}, "100,01", "100"),
    (QuestionType.DATE, {"earliest": date(2026, 1, 1)}, "2025-12-31", "01/01/2026"),
    (QuestionType.DATE, {"latest": date(2026, 1, 1)}, "2026-01-02", "01/01/2026"),
    (QuestionType.CHOICES, {"options": CHOSEN, "max_choices": 1}, ["a", "b"], "1"),
    (QuestionType.FISCAL_CODE, {"holder": CodeHolder.PERSON}, "80015010723", "16"),
    (QuestionType.FISCAL_CODE, {"holder": CodeHolder.ENTITY}, "RSSMRA85T10A562S", "11"),
    (QuestionType.FILES, {"accept": ["odt"]}, [FILE], "odt"),
    (QuestionType.FILES, {"max_mb": 1}, [FILE | {"size": "1048577"}], "1 MB"),
    (QuestionType.FILES, {"max_files": 1}, [FILE, FILE | {"id": str(FILE["id"])[:-1] + "2"}], "1"),
]


@pytest.mark.parametrize(("kind", "limit", "typed", "told"), LIMITS)
def test_beyond_a_limit_an_answer_is_kept_and_cannot_be_sent(app, kind, limit, typed, told):
    question = make_question(kind, **limit)
    kept = stored_answer(question, typed, areas=())
    assert kept["value"] is not None
    with app.app_context():
        assert told in str(check_question(question, kept))


@pytest.mark.parametrize(("kind", "limit", "typed", "_told"), LIMITS)
def test_without_the_limit_it_can_be_sent(kind, limit, typed, _told):
    question = make_question(kind, **{name: value for name, value in limit.items() if name == "options"})
    assert check_question(question, stored_answer(question, typed, areas=())) is None


def test_fewer_choices_than_asked_are_missing_not_wrong():
    question = make_question(QuestionType.CHOICES, options=CHOSEN, min_choices=2)
    kept = stored_answer(question, ["a"], areas=())
    assert fault_of(question, kept) is None
    assert check_question(question, kept) is not None
    assert check_question(question, {"value": ["a", "b"]}) is None


def test_a_text_longer_than_advised_is_warned_of_and_can_be_sent(app):
    question = make_question(QuestionType.LONG_TEXT, advised_chars=3, max_chars=9)
    form = form_from_design([Section("one", text("Uno"), [question])])
    kept = {question.key: {"value": "quattro"}}
    assert check_form(form, kept) == {}
    with app.app_context():
        assert "7" in str(advices(FilledForm(form, kept))[question.key])
    assert advices(FilledForm(form, {question.key: {"value": "tre"}})) == {}


RICH_FORM = form_from_design(make_rich_sections())


def test_every_type_can_be_sent_and_none_is_required_by_mistake():
    values = {
        question.key: stored_answer(question, RICH[question.key], areas=AREAS) for question in RICH_FORM.questions
    }
    assert check_form(RICH_FORM, values) == {}
    assert check_form(RICH_FORM, {}) == {}
    required = form_from_design(
        [Section("r", text("R"), [replace(each, required=True) for each in RICH_FORM.questions])]
    )
    assert set(check_form(required, {})) == set(RICH)


KIND = make_question(QuestionType.CHOICE, key="kind", options=CHOSEN, required=True)
OLD = Condition(question="kind", equals="b")
CONDITIONAL = form_from_design(
    [
        Section("first", text("Prima"), [KIND, make_question(key="years", required=True, when=OLD, tag="team.years")]),
        Section("second", text("Seconda"), [make_question(key="statute", required=True)], when=OLD),
        Section(
            "third",
            text("Terza"),
            [make_question(key="group", required=True, when=Condition(fact="applicant.kind", equals="informal_group"))],
        ),
    ]
)


def test_what_is_hidden_is_neither_required_nor_wrong_nor_counted():
    values: dict[str, Stored] = {"kind": {"value": "a"}, "years": {"value": None, "typed": "\ufffd", "fault": True}}
    assert check_form(CONDITIONAL, values) == {}
    filled = FilledForm(CONDITIONAL, values)
    assert [section.key for section in filled.sections] == ["first", "third"]
    assert section_state(filled, CONDITIONAL.sections[1]).is_complete
    assert tagged(CONDITIONAL, {"kind": {"value": "a"}, "years": {"value": "9"}}, "team.years") == []


def test_what_becomes_visible_is_asked_and_its_earlier_answer_counts_again():
    values = {"kind": {"value": "b"}, "years": {"value": "9"}}
    assert list(check_form(CONDITIONAL, values)) == ["statute"]
    assert tagged(CONDITIONAL, values, "team.years") == ["9"]
    facts = {"applicant.kind": "informal_group"}
    assert list(check_form(CONDITIONAL, values, facts=facts)) == ["statute", "group"]
    assert tagged(CONDITIONAL, values, "team.years", facts=facts) == ["9"]


def test_a_computed_answer_is_judged_by_its_limits_and_never_required():
    cost = make_question(QuestionType.MONEY, key="cost", tag="budget.cost")
    rate = make_question(
        QuestionType.PERCENTAGE, key="rate", formula="share(budget.cost, 1000)", minimum=Decimal(15), tag="budget.rate"
    )
    form = form_from_design([Section("b", text("B"), [cost, rate])])
    assert check_form(form, {}) == {}
    assert list(check_form(form, {"cost": {"value": 14990}})) == ["rate"]
    assert check_form(form, {"cost": {"value": 15000}, "rate": {"value": 1}}) == {}


def test_the_form_as_it_was_stored_before_conditions_existed_is_the_same_form():
    before: dict[str, Any] = {"key": "k", "type": "text", "label": text("K"), "required": False, "options": []}
    before |= dict.fromkeys(["help", "max_chars", "tag"])
    section = {"key": "s", "title": text("S"), "questions": [before], "intro": None}
    assert form_from_json({"sections": [section]}) == form_from_design(
        [Section("s", text("S"), [make_question(key="k", label=text("K"))])]
    )
