"""The shipped calls are the real ones (`domain.md` §1.1, rows 2, 6, 8, 10, 12, 15), and say what in them is made up."""

from datetime import datetime
from decimal import Decimal

import pytest

from portal.calls.rules import (
    AllocateBy,
    CallDesign,
    CriterionSource,
    Flow,
    Inclusive,
    IncorporateBefore,
    PhaseGate,
    SignOff,
)
from portal.calls.rules.options import options_in_words
from portal.calls.rules.pricing import cost_tables
from portal.calls.rules.validity import publication_faults
from portal.questionnaires.rules.design import Form, QuestionType
from tests.factories.calls import shipped_design

ROWS: dict[str, tuple[int | None, dict[str, tuple[int | None, int, int]], list[str]]] = {
    "milano-scuola-quartieri-3": (
        400_000, {"informal_group": (None, 25_000, 0)}, ["2020-12-14T12:00", "2021-05-28T12:00"],
    ),
    "torino-innovazione-sociale-2017": (
        1_285_000, {"legal_entity": (50_000, 140_000, 20), "consortium": (50_000, 140_000, 20)}, ["2017-07-24T12:00"],
    ),
    "bari-urbis": (
        2_564_000, {"legal_entity": (15_000, 40_000, 15), "informal_group": (15_000, 40_000, 15)}, ["2018-12-21T12:00"],
    ),
    "napoli-iq": (
        None, {"legal_entity": (50_000, 140_000, 10), "informal_group": (30_000, 50_000, 5)}, ["2020-08-10T12:00"],
    ),
    "venezia-welfare-comunita": (210_000, {"legal_entity": (8_000, 15_000, 10)}, ["2019-12-31T13:00"]),
    "bologna-cultura-tecnica": (1_700_000, {"legal_entity": (80_000, 100_000, 0)}, ["2018-10-15T12:00"]),
}  # fmt: skip


@pytest.mark.parametrize("slug", ROWS)
def test_a_shipped_call_has_the_parameters_of_the_real_one(slug):
    budget, kinds, deadlines = ROWS[slug]
    design = shipped_design(slug)
    if budget is not None:
        assert sum(line.amount for line in design.budget_lines) == budget
    rules = {rule.kind: rule for rule in design.applicants}
    for kind, (minimum, maximum, share) in kinds.items():
        assert minimum is None or rules[kind].minimum == minimum
        assert rules[kind].maximum == maximum
        assert rules[kind].cofinancing == share
    closes = [phase.deadlines[-1].closes for phase in design.phases]
    assert closes[: len(deadlines)] == [datetime.fromisoformat(each) for each in deadlines]


@pytest.mark.parametrize("slug", ROWS)
def test_points_that_are_not_public_are_declared_synthetic(slug):
    design = shipped_design(slug)
    assert {"criteria", "minimum_total", "tie_breaks"} <= set(design.synthetic)
    assert design.is_synthetic
    assert design.notes


def asked(design: CallDesign) -> set[QuestionType]:
    """Every type of question of a call, its phases and its tables."""
    views = [design, *(design.at_phase(phase.key) for phase in design.phases)]
    tops = [each for view in views for section in view.questionnaire.sections for each in section.questions]
    return {each.type for top in tops for each in [top, *top.questions]}


def test_milan_lets_into_the_second_part_only_those_who_completed_the_training():
    design = shipped_design("milano-scuola-quartieri-3")
    idea, project = design.phases
    assert design.flow is Flow.TWO_STAGE
    assert design.at_phase("idea").allocation.places[0].count == 30
    assert idea.accompaniment
    assert idea.accompaniment.minimum_attendance == 70
    assert project.entry == [PhaseGate.SELECTED, PhaseGate.ATTENDED]
    (rule,) = design.applicants
    assert (rule.minimum_members, rule.minimum_age, rule.new_entity_only) == (2, 18, True)
    assert design.participation.frozen_composition
    assert idea.inclusive is Inclusive.MINUTE


def test_turin_accompanies_at_most_25_ideas_and_requires_it():
    design = shipped_design("torino-innovazione-sociale-2017")
    assert design.at_phase("idea").allocation.places[0].count == 25
    assert PhaseGate.ATTENDED in design.phases[1].entry
    assert [level.knock_out for criterion in design.criteria for level in criterion.levels].count(True) == 1
    assert [rule.key for rule in design.eligibility] == ["operating_unit"]


def test_naples_has_two_ways_with_places_and_rankings_of_their_own():
    design = shipped_design("napoli-iq")
    allocation = design.at_phase("idea").allocation
    assert allocation.by is AllocateBy.PLACES
    assert {each.kind: each.count for each in allocation.places} == {"legal_entity": 40, "informal_group": 20}
    assert [ranking.kinds for ranking in design.rankings] == [["legal_entity"], ["informal_group"]]
    group = next(rule for rule in design.applicants if rule.kind == "informal_group")
    assert group.must_incorporate_before is IncorporateBefore.NEXT_PHASE
    bonuses = [each for each in design.criteria if each.source is CriterionSource.BONUS]
    assert [each.key for each in bonuses] == ["under35_majority", "women_majority"]
    assert design.cap == Decimal(100)
    formulas = [each.formula for each in design.criteria if each.formula]
    assert formulas == ["min(10, max(0, share(budget.cofinancing, budget.cost) - 5) / (30 - 5) * 10)"]


def test_bologna_has_one_winner_for_each_of_17_areas_a_school_and_a_firm():
    design = shipped_design("bologna-cultura-tecnica")
    assert len(design.areas) == len(design.budget_lines) == 17
    assert {line.area for line in design.budget_lines} == {area.key for area in design.areas}
    smallest = min(rule.minimum for rule in design.applicants)
    assert all(smallest <= line.amount < 2 * smallest for line in design.budget_lines), "money for one, never for two"
    assert [rule.key for rule in design.eligibility] == ["school", "firm"]
    assert publication_faults(design) == [], "this version can run it"


def test_the_shipped_calls_show_what_forms_can_do():
    seen = set().union(*(asked(shipped_design(slug)) for slug in ROWS))
    shown = {
        QuestionType.TABLE, QuestionType.PEOPLE, QuestionType.GROUP, QuestionType.FILES, QuestionType.PLACE,
        QuestionType.ADDRESS, QuestionType.VAT_NUMBER, QuestionType.FISCAL_CODE, QuestionType.PERCENTAGE,
    }  # fmt: skip
    assert shown <= seen


SENT_WITH = {
    "torino-prossimita-2026": (3, True, SignOff.REPRESENTATIVE), "napoli-iq": (3, True, SignOff.REPRESENTATIVE),
    "milano-scuola-quartieri-3": (3, False, SignOff.REPRESENTATIVE),
    "torino-innovazione-sociale-2017": (3, True, SignOff.NOT_ASKED),
    "bologna-cultura-tecnica": (3, True, SignOff.NOT_ASKED),
}  # fmt: skip


@pytest.mark.parametrize("slug", SENT_WITH)
def test_what_is_declared_paid_and_confirmed_at_sending_is_asked_once(slug):
    design = shipped_design(slug)
    sending = design.sending
    assert (len(sending.declarations), sending.stamp_duty is not None, sending.sign_off) == SENT_WITH[slug]
    assert all("DPR 445/2000" in each.article for each in sending.declarations[:2])
    assert "sending" in design.synthetic or design.synthetic == ["everything"], "the words are not those of the act"
    assert QuestionType.DECLARATION not in {each.type for s in design.questionnaire.sections for each in s.questions}
    tags = {column.tag for s in design.questionnaire.sections for each in s.questions for column in each.questions}
    assert {"cost.category", "budget.quantity", "budget.unit_cost", "budget.cost"} <= tags


def test_the_demonstration_computes_hours_and_indirect_costs_and_says_where_food_and_works_belong():
    design = shipped_design("torino-prossimita-2026")
    counted_so = {category.key: in_words["it"] for category, in_words in options_in_words(design.costs)}
    assert counted_so == {"tutoring": "€ 25,00 per ora di tutoraggio", "indirect": "7 % dei costi diretti"}
    (table,) = [tags for _question, tags in cost_tables(Form(design.sections))]
    offered = {option.key for option in table["cost.category"].options}
    assert {"food", "works"} <= offered
    assert "indirect" not in offered
    assert publication_faults(design) == []
