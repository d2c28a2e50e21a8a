"""Attacks on choosing: hostile answers, forged forms, calls that could never be ranked."""

import subprocess
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import Better, Criterion, CriterionSource, Level, RankingDesign, TieBreak, TieBreakBy
from portal.calls.rules.validity import faults_of, frozen_after_opening
from portal.evaluation.ranking import Better as Best
from portal.evaluation.ranking import Candidate, Draw, Facts, Scheme, Source, compute_ranking, draw_steps, list_hash
from portal.evaluation.ranking import Criterion as Rule
from portal.questionnaires.rules import Question, QuestionType, Section
from tests.factories.calls import shipped_design
from tests.factories.ranking import a_candidate, an_input

TEXT = {"it": "Testo", "en": "Text"}
HOSTILE = st.sampled_from(
    [Decimal(number) for number in ("0", "-1", "1e-10", "-999999999999.99", "999999999999.99", "3", "0.0000000001")]
)
RULES = (
    Rule("f", Decimal(10), source=Source.FORMULA, formula="x / y * x * x * x * x * x * x"),
    Rule("g", Decimal(10), source=Source.FORMULA, formula="share(x, x - y) - 1 / (x - x)"),
    Rule("i", Decimal(10), source=Source.INTERPOLATION, tag="x", better=Best.HIGHER),
    Rule("p", Decimal(2), source=Source.BONUS, per_cent=Decimal(100)),
)


@given(st.lists(st.tuples(HOSTILE, HOSTILE), min_size=1, max_size=4))
def test_no_answer_breaks_a_computation_or_leaves_its_bounds(answers):
    candidates: dict[Candidate, list[list[int]]] = {
        replace(a_candidate(f"c{number}", order=number), facts=Facts((("x", x), ("y", y)), ("p",))): []
        for number, (x, y) in enumerate(answers)
    }
    run = compute_ranking(an_input(Scheme(RULES), candidates))
    for result in run.results:
        assert all(0 <= mean.published <= rule.maximum for mean, rule in zip(result.means, RULES, strict=True))


def test_a_seed_is_quoted_where_the_steps_of_a_draw_are_repeated_in_a_terminal():
    names = ("VIV-1", "VIV-2")
    draw = Draw(names, list_hash(names), "1'; echo stolen; '")
    steps = list(draw_steps(draw))
    shown = subprocess.run(["sh", "-c", steps[2]], capture_output=True, text=True, check=True).stdout
    assert shown.split()[0] == steps[3].strip()
    assert "stolen" not in shown


def asks(design, *questions):
    """The call with a section more."""
    form = replace(design.questionnaire, sections=[*design.questionnaire.sections, Section("more", TEXT, [*questions])])
    return replace(design, questionnaire=form)


def found(design):
    return {fault.place: str(fault.words) for fault in faults_of(design)}


def chosen_by(step):
    return replace(shipped_design(), tie_breaks=[TieBreak(step)])


@pytest.mark.parametrize(("step", "column"), [(TieBreakBy.YOUNGER, "born_on"), (TieBreakBy.GENDER_MAJORITY, "gender")])
def test_a_tie_broken_by_people_needs_a_list_of_people(step, column):
    design = chosen_by(step)
    assert "who the people" in found(design)["tie_breaks.0"]
    team = Question("team", QuestionType.PEOPLE, TEXT, tag="team.members")
    assert "tie_breaks.0" not in found(asks(design, team))
    bare = replace(team, questions=[Question("name", QuestionType.TEXT, TEXT)])
    assert column in found(asks(design, bare))["tie_breaks.0"]


def test_points_along_all_answers_need_bounds_to_what_may_be_answered():
    jobs = Question("jobs", QuestionType.NUMBER, TEXT, tag="jobs")
    spread = Criterion("jobs", TEXT, Decimal(4), source=CriterionSource.INTERPOLATION, tag="jobs", better=Better.HIGHER)
    design = asks(replace(shipped_design(), criteria=[*shipped_design().criteria, spread], weights_sum=None), jobs)
    place = f"criteria.{len(design.criteria) - 1}.tag"
    assert "absurd" in found(design)[place]
    bounded = replace(jobs, minimum=Decimal(0), maximum=Decimal(50))
    assert place not in found(asks(replace(design, questionnaire=shipped_design().questionnaire), bounded))


def test_limits_finer_than_the_score_and_levels_finer_than_a_hundredth_are_refused():
    old = shipped_design()
    fine = replace(old.criteria[0], threshold=Decimal("10.5"))
    assert (
        "more decimals" in found(replace(old, decimals=0, criteria=[fine, *old.criteria[1:]]))["criteria.0.threshold"]
    )
    assert "more decimals" in found(replace(old, decimals=0, minimum_total=Decimal("60.5")))["minimum_total"]
    levels = [Level("a", TEXT, Decimal("3.333")), Level("b", TEXT, old.criteria[0].maximum)]
    steps = replace(old.criteria[0], levels=levels, threshold=None)
    assert "two decimals" in found(replace(old, criteria=[steps, *old.criteria[1:]]))["criteria.0.levels.0.points"]
    vast = replace(old.criteria[0], maximum=Decimal(10_000))
    assert "so many points" in found(replace(old, criteria=[vast, *old.criteria[1:]]))["criteria.0.maximum"]


def test_a_ranking_that_one_above_takes_whole_is_refused():
    old = shipped_design()
    kind, line = old.applicants[0].kind, old.budget_lines[0].key
    wide, narrow = RankingDesign("wide", TEXT, kinds=[kind]), RankingDesign("narrow", TEXT, kinds=[kind], lines=[line])
    assert "takes everybody" in found(replace(old, rankings=[wide, narrow]))["rankings.1"]
    assert "rankings.1" not in found(replace(old, rankings=[narrow, wide]))


def test_no_phase_is_added_once_the_call_has_opened():
    old = shipped_design()
    more = replace(old, phases=[*old.phases, replace(old.phases[0], key="more")])
    assert [fault.place for fault in frozen_after_opening(old, more)] == ["phases.1"]
