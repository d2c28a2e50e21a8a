"""A design as data: whatever its types admit is written and read back as it was; what each phase sees of it."""

from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.calls import callfile
from portal.calls.callfile import ADAPTER, design_from_json, design_to_json, write_call_file
from portal.calls.describe import DESCRIBED, dataclasses_of_a_call, row_of, words_of_place
from portal.calls.marks import read_marked
from portal.calls.rules import BudgetLine, CallDesign, Inclusive
from portal.core.i18n import speaking
from portal.questionnaires.rules.design import Condition, Question
from tests.factories.calls import shipped_design

LETTERS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "Sc"]), max_size=30)
LINES = st.one_of(LETTERS, st.lists(LETTERS, max_size=4).map("\n".join))
WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
TEXTS = st.fixed_dictionaries({"it": LINES, "en": LINES})
AWKWARD = ["", "null", "yes", "12", "2026-01-01", "~", "- a", "a: b", "#", "é'\"", "="]
"""Texts that YAML could take for something else."""
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.one_of(LINES, st.sampled_from(AWKWARD)),
    int: st.integers(-(10**9), 10**9),
    bool: st.booleans(),
    float: st.floats(-180, 180, allow_nan=False),
    date: st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    datetime: st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    Decimal: st.decimals(-(10**9), 10**9, allow_nan=False, places=2),
}  # fmt: skip
ANSWERS = st.one_of(st.booleans(), st.integers(-99, 99), LETTERS)


def conditions() -> st.SearchStrategy[Condition]:
    """Conditions as their tree admits: comparisons, and branches over them."""
    leaves = st.one_of(
        st.builds(Condition, question=WORDS, equals=ANSWERS),
        st.builds(Condition, fact=WORDS, in_=st.lists(ANSWERS, min_size=1, max_size=3)),
        st.builds(Condition, question=WORDS, answered=st.booleans()),
        st.builds(Condition, question=WORDS, above=st.dates(date(2000, 1, 1)).map(str)),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Condition, all=st.lists(inner, min_size=1, max_size=3)),
            st.builds(Condition, any=st.lists(inner, min_size=1, max_size=3)),
            st.builds(Condition, not_=inner),
        ),
        max_leaves=4,
    )


def of_type(hint: Any, depth: int) -> st.SearchStrategy[Any]:
    """Any value of a type of the design; lists and options run out with depth."""
    if hint is Condition:
        return conditions()
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint):
        return of_dataclass(hint, depth)
    inside = get_args(hint)
    if get_origin(hint) is list:
        return st.lists(of_type(inside[0], depth - 1), max_size=max(0, min(2, depth)))
    if get_origin(hint) is tuple:
        return st.tuples(*(of_type(each, depth) for each in inside))
    if get_origin(hint) is dict:
        return TEXTS if inside[1] is str else st.dictionaries(WORDS, TEXTS, max_size=2)
    assert get_origin(hint) in (Union, UnionType), hint
    (kind,) = [each for each in inside if each is not type(None)]
    return st.none() | of_type(kind, depth - 1) if depth > 0 else st.none()


def of_dataclass(holder: Any, depth: int) -> st.SearchStrategy[Any]:
    """Any instance of a dataclass; beyond the depth, what has a default keeps it."""
    hints = get_type_hints(holder)
    given_fields = {
        each.name: of_type(hints[each.name], depth)
        for each in fields(holder)
        if depth > 0 or (each.default is MISSING and each.default_factory is MISSING)
    }
    return st.builds(holder, **given_fields)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(of_dataclass(CallDesign, 2))
def test_a_design_is_written_and_read_back_as_it_was(design):
    written = write_call_file(design)
    data, _marks = read_marked(written)
    again = ADAPTER.validate_python(data)
    assert again == design
    assert write_call_file(again) == written
    assert design_from_json(design_to_json(design)) == design


def test_no_key_means_nothing_by_its_absence_but_its_default():
    """Storage leaves out what is None: so None must be what a missing key gives."""
    for holder in dataclasses_of_a_call():
        hints = get_type_hints(holder)
        for each in fields(holder):
            if type(None) in get_args(hints[each.name]):
                assert each.default is None, f"{holder.__name__}.{each.name}"


def test_every_key_is_described_once_and_nothing_else_is():
    holders = list(dataclasses_of_a_call())
    assert set(DESCRIBED) == set(holders)
    for holder in holders:
        assert list(DESCRIBED[holder]) == [each.name for each in fields(holder)], holder.__name__


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_key_is_described_in_both_languages(app, language):
    with app.app_context(), speaking(language):
        for holder, rows in DESCRIBED.items():
            for name, row in rows.items():
                for words in (row.label, row.help):
                    assert str(words).strip(), (holder.__name__, name)
                    if language == "it":
                        translated = str(words) != str(getattr(words, "_args", [""])[0])
                        assert translated or str(words) in {"CUP", "Formula", "Area", "E-mail"}, (
                            f"{holder.__name__}.{name}: {words}"
                        )


def test_a_place_is_told_in_words():
    assert list(map(str, words_of_place("criteria.0.threshold"))) == ["Criteria 1", "Least points"]
    assert list(map(str, words_of_place("questionnaire.sections.1.questions.0.when.not"))) == [
        "Form", "Sections 2", "Questions 1", "Shown when", "Not this",
    ]  # fmt: skip
    assert str(row_of(Question, "label").label) == "Question"


def test_each_phase_has_its_own_way_of_choosing_or_that_of_the_call():
    design = shipped_design("milano-scuola-quartieri-3")
    idea, project = design.at_phase("idea"), design.at_phase("project")
    assert project is design
    assert [criterion.key for criterion in idea.criteria][:2] == ["novelty", "usefulness"]
    assert idea.allocation.places[0].count == 30
    assert idea.minimum_total == design.minimum_total, "where the phase says nothing, the call does"
    assert idea.applicants == design.applicants


def test_an_application_is_served_by_the_line_nearest_to_it():
    design = shipped_design()
    text = {"it": "Una", "en": "One"}
    lines = [
        BudgetLine("all", text, Decimal(1)),
        BudgetLine("east", text, Decimal(1), area="japigia"),
        BudgetLine("liberta", text, Decimal(1)),
        BudgetLine("groups", text, Decimal(1), kind="informal_group"),
    ]
    several = replace(design, budget_lines=lines)
    assert several.line_for("legal_entity", "japigia").key == "east"
    assert several.line_for("legal_entity", "liberta").key == "liberta", "a line with the key of an area serves it"
    assert several.line_for("informal_group", "stanic").key == "groups"
    assert several.line_for(None, None).key == "all"
    assert design.line_for("legal_entity", "stanic").key == "main"


def test_a_term_by_the_minute_includes_the_whole_minute():
    phase = shipped_design().phases[0]
    assert phase.beyond == timedelta(0)
    by_minute = replace(phase, inclusive=Inclusive.MINUTE)
    assert timedelta(seconds=59) < by_minute.beyond < timedelta(minutes=1)
    assert replace(by_minute, grace_seconds=60).beyond == by_minute.beyond + timedelta(minutes=1)


def test_the_hash_is_that_of_the_content():
    design = shipped_design()
    assert callfile.design_hash(design) == callfile.design_hash(replace(design))
    assert callfile.design_hash(design) != callfile.design_hash(replace(design, payment_days=81))
