"""Conditions: what they decide, their laws, circles, and their words in both languages."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from portal.core.i18n import in_both
from portal.questionnaires.rules import (
    Condition,
    Facts,
    FilledForm,
    Form,
    QuestionType,
    Section,
    Stored,
    holds,
    stored_answer,
)
from portal.questionnaires.rules.conditions import circles, facts_in, longest_wait, questions_in
from portal.questionnaires.rules.wording import condition_in_words
from tests.factories.questionnaires import (
    AREAS,
    COMPLETE,
    RICH,
    make_question,
    make_rich_sections,
    make_sections,
    text,
)

SECTIONS = [*make_sections(), *make_rich_sections()]
FORM = Form(SECTIONS)
VALUES = {
    question.key: stored_answer(question, (COMPLETE | RICH).get(question.key), areas=AREAS)
    for question in FORM.questions
}
FACTS: Facts = {"applicant.kind": "informal_group", "applicant.members": 4, "applicant.is_incorporated": False}
ADAPTER = TypeAdapter(Condition)


def decided(condition, values=VALUES, facts=FACTS):
    """Whether a condition, as a file writes it, holds for these answers."""
    filled = FilledForm(FORM, values, facts)
    return holds(ADAPTER.validate_python(condition), filled.comparable, facts)


TRUE: list[dict[str, Any]] = [
    {"question": "the_money", "equals": 1234.5},
    {"question": "the_money", "above": "1234.49"},
    {"question": "the_money", "at_most": 1234.50},
    {"question": "the_number", "in": [3, 1250]},
    {"question": "the_percentage", "equals": 12.5},
    {"question": "the_yes_no", "equals": False},
    {"question": "the_yes_no", "differs": True},
    {"question": "the_choice", "in": ["city", "care"]},
    {"question": "the_choices", "equals": "home"},
    {"question": "the_choices", "differs": "work"},
    {"question": "the_date", "at_least": "2026-12-31"},
    {"question": "the_date", "below": "2027-01-01"},
    {"question": "the_people", "equals": 2},
    {"question": "costs", "at_least": 2},
    {"question": "the_files", "below": 2},
    {"question": "the_address", "equals": "072006"},
    {"question": "the_place", "answered": True},
    {"question": "nobody", "answered": False},
    {"fact": "applicant.kind", "equals": "informal_group"},
    {"fact": "applicant.members", "at_least": 3},
    {"fact": "applicant.is_incorporated", "equals": False},
    {"fact": "applicant.province", "answered": False},
    {"not": {"fact": "applicant.province", "differs": "BA"}},
    {"any": [{"question": "nobody", "equals": 1}, {"all": [{"question": "the_area", "equals": "liberta"}]}]},
]
FALSE = [
    {"question": "nobody", "differs": 1},
    {"question": "nobody", "answered": True},
    {"question": "the_yes_no", "equals": 0},
    {"question": "the_number", "equals": True},
    {"question": "the_number", "above": "molto"},
    {"question": "the_number", "above": float("nan")},
    {"question": "the_text", "above": "A"},
    {"question": "the_date", "above": "domani"},
    {"question": "the_date", "above": 2},
    {"fact": "applicant.province", "differs": "BA"},
    {"fact": "applicant.members", "above": "4"},
    {},
    {"question": "the_number"},
    {"question": "the_number", "above": 1, "below": 9999},
]


@pytest.mark.parametrize("condition", TRUE)
def test_a_condition_holds(condition):
    assert decided(condition)
    assert not decided({"not": condition})


@pytest.mark.parametrize("condition", FALSE)
def test_a_condition_does_not_hold(condition):
    assert not decided(condition)


@pytest.mark.parametrize("condition", [case for case in TRUE if "question" in case and case["question"] != "nobody"])
def test_an_answer_that_is_missing_or_unreadable_makes_a_comparison_false(condition):
    assert not decided(condition, values={})
    faulty = {key: {"value": None, "typed": "x", "fault": True} for key in VALUES}
    assert not decided(condition, values=faulty)


KEYS = st.sampled_from([*FORM.by_key, "nobody"])
SCALARS = st.one_of(
    st.booleans(), st.integers(-5, 5000), st.floats(allow_nan=True), st.sampled_from(["", "home", "city", "2026-12-31"])
)
HOWS = st.sampled_from(["equals", "differs", "above", "at_least", "below", "at_most"])
LEAVES = st.one_of(
    st.builds(lambda key, how, value: Condition(question=key, **{how: value}), KEYS, HOWS, SCALARS),
    st.builds(lambda key, values: Condition(question=key, in_=values), KEYS, st.lists(SCALARS, max_size=3)),
    st.builds(lambda key, value: Condition(question=key, answered=value), KEYS, st.booleans()),
    st.builds(
        lambda fact, how, value: Condition(fact=fact, **{how: value}), st.sampled_from([*FACTS, "no"]), HOWS, SCALARS
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: Condition(all=parts), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: Condition(any=parts), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: Condition(not_=part), inner),
    ),
    max_leaves=8,
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
ANSWERS = st.dictionaries(
    KEYS, st.fixed_dictionaries({"value": JSON}, optional={"typed": JSON, "fault": st.just(True)})
)


def known(condition, values=VALUES):
    """Whether it holds for these answers."""
    return holds(condition, FilledForm(FORM, values, FACTS).comparable, FACTS)


@given(TREES)
def test_not_not_is_the_same(condition):
    assert known(Condition(not_=Condition(not_=condition))) is known(condition)
    assert known(Condition(not_=condition)) is not known(condition)


@given(st.lists(TREES, min_size=1, max_size=3))
def test_de_morgan(parts):
    opposites = [Condition(not_=part) for part in parts]
    assert known(Condition(not_=Condition(all=parts))) is known(Condition(any=opposites))
    assert known(Condition(not_=Condition(any=parts))) is known(Condition(all=opposites))


@given(TREES, ANSWERS)
def test_whatever_is_stored_a_condition_is_decided(condition, values):
    assert known(condition, values) in (True, False)


@given(TREES)
def test_a_condition_survives_storage(condition):
    plain = ADAPTER.dump_python(condition, mode="json", exclude_none=True)
    assert repr(ADAPTER.validate_python(plain)) == repr(condition)


def test_days_in_a_file_are_days_and_keys_have_no_underscore():
    read = ADAPTER.validate_json('{"not": {"question": "q", "in": ["2026-12-31"]}}')
    assert read == Condition(not_=Condition(question="q", in_=["2026-12-31"]))
    with pytest.raises(ValidationError):
        ADAPTER.validate_python({"not_": {"question": "q", "answered": True}})
    with pytest.raises(ValidationError):
        ADAPTER.validate_python({"question": "q", "equal": 3})


def test_the_names_a_condition_uses_come_once_each():
    parts = [Condition(question="b", equals=1), Condition(fact="applicant.kind", equals="x")]
    condition = Condition(all=[*parts, Condition(not_=Condition(any=[*parts, Condition(question="a", answered=True)]))])
    assert questions_in(condition) == ["b", "a"]
    assert facts_in(condition) == ["applicant.kind"]
    assert questions_in(None) == []


NODES = [f"q{number}" for number in range(8)]
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=14)


@given(EDGES)
def test_every_circle_is_found_and_nobody_else_is_accused(edges):
    waits = {node: [other for one, other in edges if one == node] for node in NODES}
    reach = {node: set(waits[node]) for node in NODES}
    for _round in NODES:
        reach = {node: found.union(*(reach[other] for other in found)) for node, found in reach.items()}
    found = circles(waits)
    assert bool(found) is any(node in reach[node] for node in NODES)
    for path in found:
        assert path[0] == path[-1]
        assert all(other in waits[one] for one, other in pairwise(path))


def test_a_thousand_questions_one_behind_the_other_are_walked_without_falling():
    chain = {f"q{number}": [f"q{number + 1}"] for number in range(5000)}
    assert circles(chain) == []
    assert longest_wait(chain) == 5001
    assert len(circles(chain | {"q5000": ["q0"]})) == 1


def test_a_hidden_question_counts_as_missing_for_those_that_wait_for_it():
    first = make_question(QuestionType.YES_NO, key="first")
    second = make_question(key="second", when=Condition(question="first", equals=True))
    third = make_question(key="third", when=Condition(question="second", answered=True))
    form = Form([Section("s", text("S"), [third, second, first])])
    values: dict[str, Stored] = {"first": {"value": True}, "second": {"value": "x"}, "third": {"value": "y"}}
    assert [question.key for question in FilledForm(form, values).questions] == ["third", "second", "first"]
    hidden = FilledForm(form, values | {"first": {"value": False}})
    assert [question.key for question in hidden.questions] == ["first"]
    assert hidden.stored(third) is None


def test_a_form_that_waits_for_itself_still_ends():
    one = make_question(key="one", when=Condition(question="two", answered=True))
    two = make_question(key="two", when=Condition(question="one", answered=True))
    when = Condition(question="one", answered=True)
    filled = FilledForm(Form([Section("s", text("S"), [one, two], when=when)]), {"one": {"value": "x"}})
    assert filled.questions == []


WORDED = [
    (None, "sempre", "always"),
    ({"question": "the_money", "above": 1000}, "“Domanda money” supera € 1.000,00", "more than €1,000.00"),
    ({"question": "the_yes_no", "equals": True}, "“Domanda yes_no” è sì", "“Domanda yes_no” is yes"),
    ({"question": "the_choice", "in": ["city", "care"]}, "Città, Cura", "is one of Città, Cura"),
    ({"question": "the_area", "equals": "liberta"}, "Libertà", "Libertà"),
    (
        {"fact": "applicant.kind", "equals": "informal_group"},
        "tipo di proponente",
        "kind of applicant is Informal group",
    ),
    (
        {"fact": "applicant.is_incorporated", "equals": False},
        "non è vero che il proponente",
        "not so that the applicant",
    ),
    ({"fact": "applicant.is_incorporated", "differs": False}, "il proponente è un ente", "the applicant is a legal"),
    ({"not": {"question": "the_text", "answered": True}}, "“Domanda text” ha una risposta", "it is not so that"),
    (
        {"any": [{"question": "nobody", "answered": False}, {"all": [{"fact": "applicant.members", "at_least": 3}]}]},
        "“nobody” non ha risposta o persone del proponente è almeno 3",
        "or people of the applicant is at least 3",
    ),
]


@pytest.mark.parametrize(("condition", "italian", "english"), WORDED)
def test_a_condition_is_said_in_both_languages(app, condition, italian, english):
    with app.app_context():
        read = ADAPTER.validate_python(condition) if condition is not None else None
        words = in_both(condition_in_words(read, FORM.by_key, {"liberta": "Libertà"}))
    assert italian in words["it"]
    assert english in words["en"]


def test_facts_may_be_decimals():
    assert decided({"fact": "x", "above": 1.5}, facts={"x": Decimal("1.75")})
