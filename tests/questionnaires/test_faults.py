"""Faults of a form's design: every one at once, each with its place and its mend; who uses what."""

import pytest
from pydantic import TypeAdapter

from portal.core.i18n import LANGUAGES, speaking
from portal.questionnaires.rules import Form, Section
from portal.questionnaires.rules.faults import form_faults
from portal.questionnaires.rules.uses import uses_of_column, uses_of_option, uses_of_question
from tests.factories.base import bari_design
from tests.factories.questionnaires import AREAS, make_rich_sections, make_sections, text

SECTIONS = TypeAdapter(list[Section])
LABEL = text("Domanda")
TWO = [{"key": "new", "label": LABEL}, {"key": "old", "label": LABEL}]
KIND = {"key": "kind", "type": "choice", "label": LABEL, "options": TWO}


def sections(*questions, when=None):
    """One section with the question `kind` and these, as a file writes them."""
    asked = [KIND, *({"key": f"q{n}", "type": "text", "label": LABEL} | each for n, each in enumerate(questions, 1))]
    return SECTIONS.validate_python([{"key": "s", "title": LABEL, "questions": asked, "when": when}])


def places(*questions, when=None):
    """The places of the faults of this section."""
    return [fault.place for fault in form_faults(sections(*questions, when=when), areas=AREAS)]


def first(part):
    """The place of a part of the first question behind `kind`."""
    return f"questionnaire.sections.0.questions.1.{part}"


def test_shipped_and_complete_forms_have_no_fault():
    assert list(form_faults(bari_design().questionnaire.sections)) == []
    assert list(form_faults([*make_sections(), *make_rich_sections()])) == []


FAULTY = [
    ({"key": "kind"}, "questionnaire"),
    ({"key": "Due parole"}, first("key")),
    ({"key": "stay"}, first("key")),
    ({"tag": "total"}, first("tag")),
    ({"options": TWO}, first("options")),
    ({"minimum": 3}, first("minimum")),
    ({"total": True}, first("total")),
    ({"max_chars": 0}, first("max_chars")),
    ({"max_chars": 10, "advised_chars": 20}, first("advised_chars")),
    ({"type": "choice", "options": TWO[:1]}, first("options")),
    ({"type": "choice", "options": [TWO[0], TWO[0]]}, first("options")),
    ({"type": "choice", "options": [TWO[0], {"key": "a b", "label": LABEL}]}, first("options.1.key")),
    ({"type": "choices", "options": TWO, "min_choices": 3}, first("min_choices")),
    ({"type": "choices", "options": TWO, "min_choices": 2, "max_choices": 1}, first("min_choices")),
    ({"type": "money", "minimum": "10", "maximum": "9.99"}, first("minimum")),
    ({"type": "money", "decimals": 1}, first("decimals")),
    ({"type": "percentage", "decimals": 3}, first("decimals")),
    ({"type": "date", "earliest": "2026-02-01", "latest": "2026-01-01"}, first("earliest")),
    ({"type": "files", "accept": ["exe"]}, first("accept")),
    ({"type": "files", "max_mb": 21}, first("max_mb")),
    ({"type": "files", "max_files": 0}, first("max_files")),
    ({"type": "iban", "holder": "person"}, first("holder")),
    ({"type": "table"}, first("questions")),
    ({"type": "people", "min_rows": 5, "max_rows": 4}, first("min_rows")),
    ({"type": "people", "max_rows": 201}, first("max_rows")),
    ({"type": "number", "formula": "kind.x + 1"}, first("formula")),
    ({"type": "number", "formula": "1 +"}, first("formula")),
    ({"type": "text", "formula": "1 + 1"}, first("formula")),
    ({"type": "number", "formula": "1 + 1", "required": True}, first("required")),
    ({"when": {}}, first("when")),
    ({"when": {"question": "kind"}}, first("when")),
    ({"when": {"equals": "new"}}, first("when")),
    ({"when": {"question": "kind", "fact": "applicant.kind", "equals": "new"}}, first("when")),
    ({"when": {"question": "kind", "equals": "new", "differs": "old"}}, first("when")),
    ({"when": {"all": [], "question": "kind"}}, first("when")),
    ({"when": {"all": []}}, first("when.all")),
    ({"when": {"not": {"any": []}}}, first("when.not.any")),
    ({"when": {"question": "gone", "answered": True}}, first("when.question")),
    ({"when": {"fact": "applicant.shoes", "equals": 43}}, first("when.fact")),
    ({"when": {"question": "kind", "equals": "gone"}}, first("when.equals")),
    ({"when": {"question": "kind", "in": ["new", "gone"]}}, first("when.in")),
    ({"when": {"question": "kind", "in": []}}, first("when.in")),
    ({"when": {"question": "kind", "above": 3}}, first("when.above")),
    ({"when": {"question": "kind", "equals": True}}, first("when.equals")),
    ({"when": {"fact": "applicant.members", "at_least": "molti"}}, first("when.at_least")),
    ({"when": {"fact": "applicant.is_incorporated", "equals": "yes"}}, first("when.equals")),
    ({"when": {"fact": "applicant.kind", "equals": "martian"}}, first("when.equals")),
    ({"when": {"question": "q1", "answered": True}}, first("when")),
]


@pytest.mark.parametrize(("question", "place"), FAULTY)
def test_a_fault_stands_at_its_place(app, question, place):
    asked = sections(question)
    found = list(form_faults(asked))
    assert [fault.place for fault in found] == [place]
    with app.app_context():
        for language in LANGUAGES:
            with speaking(language):
                assert len(str(found[0].words)) > 10
                assert len(str(found[0].mend)) > 5


TABLES = [
    ([{"key": "a", "type": "table", "label": LABEL, "questions": []}], "questions.0.type"),
    ([{"key": "a", "type": "files", "label": LABEL}], "questions.0.type"),
    (
        [{"key": "a", "type": "text", "label": LABEL, "when": {"question": "kind", "answered": True}}],
        "questions.0.when",
    ),
    ([{"key": "a", "type": "text", "label": LABEL}, {"key": "a", "type": "text", "label": LABEL}], "questions"),
    ([{"key": "a", "type": "money", "label": LABEL, "formula": "a * 2"}], "questions"),
    ([{"key": "a", "type": "money", "label": LABEL, "formula": "b * 2"}], "questions.0.formula"),
    ([{"key": "a", "type": "text", "label": LABEL}, {"key": "b", "type": "money", "label": LABEL, "formula": "a"}],
     "questions.1.formula"),
    ([{"key": f"c{n}", "type": "text", "label": LABEL} for n in range(21)], "questions"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "place"), TABLES)
def test_a_fault_of_a_table_stands_at_its_column(columns, place):
    assert places({"type": "table", "questions": columns}) == [first(place)]


def test_circles_are_named_with_their_path(app):
    asked = sections(
        {"when": {"question": "q2", "answered": True}},
        {"when": {"any": [{"question": "kind", "equals": "new"}, {"question": "q1", "answered": True}]}},
    )
    (fault,) = form_faults(asked)
    with app.app_context():
        assert "(q1) → “Domanda” (q2) → “Domanda” (q1)" in str(fault)
    assert fault.place == first("when")


def test_a_section_cannot_wait_for_its_own_question():
    assert places(when={"question": "kind", "equals": "new"}) == ["questionnaire.sections.0.questions.0.when"]


def test_computed_answers_cannot_count_with_each_other():
    number = {"type": "number"}
    found = places(
        number | {"tag": "a.one", "formula": "a.two + 1"}, number | {"tag": "a.two", "formula": "round(a.one)"}
    )
    assert found == [first("formula")]


def test_a_long_chain_and_a_deep_condition_are_refused():
    chain = [{"when": {"question": f"q{n}", "answered": True}} for n in range(2, 36)]
    assert places(*chain, {}) == ["questionnaire"]
    deep = {"question": "kind", "answered": True}
    for _level in range(9):
        deep = {"not": deep}
    assert places({"when": deep}) == [first("when")]
    wide = {"any": [{"question": "kind", "answered": True}] * 61}
    assert places({"when": wide}) == [first("when")]


def test_every_fault_is_told_at_once():
    found = places(
        {"key": "kind", "tag": "x", "minimum": 1}, {"type": "table"}, {"when": {"question": "gone", "answered": True}}
    )
    assert len(found) == 5


def test_areas_are_checked_where_they_are_known():
    question = {"type": "area", "key": "where"}
    asked = sections(question, {"when": {"question": "where", "equals": "atlantide"}})
    assert [fault.place for fault in form_faults(asked, areas=AREAS)] == [
        "questionnaire.sections.0.questions.2.when.equals"
    ]
    assert list(form_faults(asked)) == []


def test_whoever_uses_a_question_is_named(app):
    asked = sections(
        {"key": "team", "label": text("Squadra"), "when": {"not": {"question": "kind", "equals": "new"}}},
        {"key": "asked", "type": "money", "tag": "budget.asked"},
        {"key": "rate", "type": "percentage", "label": text("Quota"), "formula": "share(budget.asked, 100)"},
    )
    form = Form(asked)
    with app.app_context(), speaking("it"):
        assert [str(use) for use in uses_of_question(form, "kind")] == ["la condizione di «Squadra»"]
        assert [str(use) for use in uses_of_question(form, "asked")] == ["la formula di «Quota»"]
    assert uses_of_question(form, "rate") == uses_of_question(form, "nobody") == []
    assert [use.place for use in uses_of_option(form, "kind", "new")] == ["sections.0.questions.1"]
    assert uses_of_option(form, "kind", "old") == []


def test_whoever_uses_a_column_is_named():
    (_choices, *_rest) = make_rich_sections()[0].questions
    form = Form(make_rich_sections())
    assert [use.label["it"] for use in uses_of_column(form, "costs", "quantity")] == ["Costo"]
    assert uses_of_column(form, "costs", "item") == uses_of_column(form, "costs", "gone") == []
