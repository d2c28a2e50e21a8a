"""What changed between two forms, and what becomes of the answers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.i18n import in_both
from portal.questionnaires.rules import (
    Condition,
    Form,
    Option,
    Question,
    QuestionType,
    Section,
    are_compatible,
    compare_forms,
    stored_answer,
)
from portal.questionnaires.rules.compare import ChangeKind
from portal.questionnaires.rules.design import CodeHolder
from portal.questionnaires.rules.rebasing import rebased_answer
from tests.factories.questionnaires import (
    AREAS,
    COMPLETE,
    RICH,
    make_question,
    make_rich_sections,
    make_sections,
    make_table,
    text,
)

T, C = QuestionType, ChangeKind


def form_of(*questions):
    """A form of one section."""
    return Form([Section("s", text("S"), list(questions))])


def kinds(before, after):
    """What changed between two questions."""
    return [change.kind for change in compare_forms(form_of(before), form_of(after))]


OPTIONS = [Option(key, text(key)) for key in ("a", "b", "c")]
CHANGED = [
    (make_question(), {"label": text("Altro")}, C.TEXT),
    (make_question(), {"help": text("Aiuto")}, C.TEXT),
    (make_question(), {"page": text("Pagina")}, C.TEXT),
    (make_question(), {"type": T.LONG_TEXT}, C.RETYPED),
    (make_question(), {"required": True}, C.REQUIRED),
    (make_question(required=True), {"required": False}, C.OPTIONAL),
    (make_question(), {"tag": "a.b"}, C.TAG),
    (make_question(), {"when": Condition(fact="applicant.kind", equals="x")}, C.CONDITION),
    (make_question(), {"max_chars": 299}, C.TIGHTENED),
    (make_question(), {"max_chars": 301}, C.LOOSENED),
    (make_question(T.MONEY), {"minimum": Decimal(1)}, C.TIGHTENED),
    (make_question(T.MONEY, minimum=Decimal(1)), {"minimum": None}, C.LOOSENED),
    (make_question(T.NUMBER), {"decimals": 2}, C.LOOSENED),
    (make_question(T.NUMBER, decimals=2), {"decimals": 1}, C.RETYPED),
    (make_question(T.NUMBER), {"formula": "1 + 1"}, C.RETYPED),
    (make_question(T.NUMBER, formula="1"), {"formula": "2"}, C.COMPUTED),
    (make_question(T.DATE), {"latest": date(2026, 1, 1)}, C.TIGHTENED),
    (make_question(T.CHOICE, options=OPTIONS), {"options": OPTIONS[:2]}, C.OPTION_LOST),
    (make_question(T.CHOICE, options=OPTIONS[:2]), {"options": OPTIONS}, C.OPTION_ADDED),
    (make_question(T.CHOICES, options=OPTIONS), {"max_choices": 2}, C.TIGHTENED),
    (make_question(T.FISCAL_CODE), {"holder": CodeHolder.PERSON}, C.TIGHTENED),
    (make_question(T.PLACE), {"inside_areas": True}, C.TIGHTENED),
    (make_question(T.FILES), {"accept": ["pdf"]}, C.TIGHTENED),
    (make_question(T.FILES, accept=["pdf"]), {"accept": ["pdf", "odt"]}, C.LOOSENED),
    (make_question(T.PEOPLE), {"max_rows": 5}, C.TIGHTENED),
    (make_table(), {"questions": make_table().questions[:2]}, C.REMOVED),
    (make_table(questions=make_table().questions[:2]), {"questions": make_table().questions[:3]}, C.ADDED),
    (make_table(), {"questions": [*make_table().questions[1:], make_table().questions[0]]}, C.MOVED),
]


@pytest.mark.parametrize(("before", "changed", "kind"), CHANGED)
def test_a_change_is_named(before, changed, kind):
    found = kinds(before, replace(before, **changed))
    assert set(found) == {kind}


def test_an_equal_form_has_no_change():
    assert compare_forms(Form(make_sections()), Form(make_sections())) == []
    assert are_compatible([])


def test_questions_added_taken_out_and_moved_are_told_apart(app):
    one, two, three, four = (make_question(key=key) for key in ("one", "two", "three", "four"))
    found = compare_forms(form_of(one, two, three), form_of(three, one, four))
    assert [(change.kind, change.key) for change in found] == [
        (C.MOVED, "three"),
        (C.ADDED, "four"),
        (C.REMOVED, "two"),
    ]
    assert not are_compatible(found)
    with app.app_context():
        assert in_both(found[2]) == {"it": "«Domanda text» è stata tolta", "en": "“Domanda text” was taken out"}


def test_a_question_in_another_section_moved_and_a_section_taken_out_alone_is_compatible():
    one, two = make_question(key="one"), make_question(key="two")
    old = Form([Section("a", text("A"), [one]), Section("b", text("B"), [two])])
    new = Form([Section("a", text("A"), [one, two])])
    found = compare_forms(old, new)
    assert [(change.kind, change.key, change.section) for change in found] == [
        (C.MOVED, "two", "a"),
        (C.REMOVED, "", "b"),
    ]
    assert are_compatible(found)


def test_a_section_asked_in_other_cases_is_told():
    section = make_sections()[0]
    when = Condition(fact="applicant.is_incorporated", equals=True)
    found = compare_forms(Form([section]), Form([replace(section, when=when, title=text("Altra"))]))
    assert [(change.kind, change.key) for change in found] == [(C.CONDITION, ""), (C.TEXT, "")]


SECTIONS = [*make_sections(), *make_rich_sections()]
FORM = Form(SECTIONS)
TYPED = COMPLETE | RICH
VALUES = {
    question.key: stored_answer(question, TYPED[question.key], areas=AREAS)
    for question in FORM.questions
    if question.key in TYPED
}


def carried(old, new, values):
    """The answers of one form carried over to another."""
    return {
        key: rebased_answer(old.by_key[key], new.by_key[key], value) if key in new.by_key else value
        for key, value in values.items()
    }


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(list(FORM.by_key)),
        st.sampled_from(
            [
                {"label": text("Nuova")},
                {"required": True},
                {"tag": "a.b"},
                {"max_chars": 3},
                {"minimum": Decimal(10**9)},
                {"decimals": 4},
                {"latest": date(1999, 1, 1)},
                {"max_rows": 1},
                {"min_rows": 9},
                {"when": Condition(fact="applicant.kind", equals="x")},
                {"accept": ["zip"], "max_mb": 1},
                {"options": []},
                {"holder": CodeHolder.ENTITY},
                {"max_choices": 1, "inside_areas": True, "max_files": 1},
                {"type": T.TEXT},
                {"type": T.MONEY},
                {"type": T.GROUP},
                {"questions": [make_question(T.NUMBER, key="item"), make_question(key="quantity")]},
            ]
        ),
    ),
    max_size=6,
)


def with_changes(changes):
    """The form with these changes."""
    questions = {question.key: question for question in FORM.questions}
    for key, change in changes:
        questions[key] = replace(questions[key], **change)
    return Form([replace(part, questions=[questions[each.key] for each in part.questions]) for part in FORM.sections])


@given(CHANGES)
def test_a_compatible_change_loses_no_answer_and_there_and_back_gives_the_same(changes):
    new = with_changes(changes)
    there = carried(FORM, new, VALUES)
    if are_compatible(compare_forms(FORM, new)):
        assert all(stored.get("value") is not None and not stored.get("fault") for stored in there.values())
        assert carried(new, FORM, there) == VALUES


@given(CHANGES)
def test_after_any_change_what_was_typed_is_still_there(changes):
    new = with_changes(changes)
    for key, stored in carried(FORM, new, VALUES).items():
        assert stored.get("value") is not None or stored.get("typed"), key


CARRIED = [
    (make_question(T.NUMBER), make_question(T.MONEY), {"value": 1250}, {"value": 125000}),
    (make_question(T.MONEY), make_question(T.TEXT), {"value": 123450}, {"value": "1.234,50"}),
    (make_question(T.TEXT), make_question(T.NUMBER), {"value": "dieci"},
     {"value": None, "typed": "dieci", "fault": True}),
    (make_question(T.CHOICE), make_question(T.CHOICE, options=OPTIONS), {"value": "city"},
     {"value": None, "typed": "city", "fault": True}),
    (make_question(T.CHOICE, options=OPTIONS), make_question(T.CHOICE),
     {"value": None, "typed": "city", "fault": True}, {"value": "city"}),
    (make_question(T.NUMBER, decimals=1), make_question(T.NUMBER), {"value": "2.5"},
     {"value": None, "typed": "2,5", "fault": True}),
    (make_question(T.NUMBER, decimals=1), make_question(T.NUMBER), {"value": "2"}, {"value": 2}),
    (make_question(T.AREA), make_question(T.AREA, required=True), {"value": "gone"}, {"value": "gone"}),
    (make_question(T.TEXT), make_question(T.PEOPLE), {"value": "Rosa"},
     {"value": None, "typed": "Rosa", "fault": True}),
    (make_question(T.PEOPLE), make_question(T.TEXT), {"value": [{"name": "Rosa"}]},
     {"value": None, "typed": [{"name": "Rosa"}], "fault": True}),
    (make_question(T.TEXT), make_question(T.TEXT, max_chars=2), {"value": "Rosa"}, {"value": "Rosa"}),
    (make_question(T.TEXT), make_question(T.TEXT, label=text("Altro")),
     {"value": None, "typed": "a\ufffd", "fault": True}, {"value": None, "typed": "a\ufffd", "fault": True}),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "stored", "expected"), CARRIED)
def test_an_answer_is_carried_over(before, after, stored, expected):
    assert rebased_answer(before, after, stored) == expected


def test_rows_keep_the_columns_that_stay_and_their_areas():
    area = Question("area", T.AREA, text("Area"))
    table = make_table(questions=[*make_table().questions, area])
    other = make_table(questions=[replace(make_table().questions[1], type=T.MONEY, decimals=None), area])
    stored = {"value": [{"item": "Legno", "quantity": "2.5", "area": "gone"}, {"item": "Viti"}]}
    assert rebased_answer(table, other, stored) == {"value": [{"quantity": 250, "area": "gone"}]}
