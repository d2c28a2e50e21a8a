"""Agreed marks, reserves, and a ranking that is run down again: the pure engine."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.evaluation.lists import SIX, PublishedList, list_of
from portal.evaluation.ranking import (
    WON,
    Agreed,
    EdgeRule,
    Outcome,
    PointsOutOfRange,
    ReasonCode,
    ScoresMissing,
    ScoresUnexpected,
    Sheet,
    Standing,
    compute_ranking,
    explain,
    input_json,
    output_json,
    read_input,
)
from tests.factories.ranking import PLAIN, a_candidate, an_input, inputs, money, reasons

TWO = [[60], [80]]


def agreed(given_input, *marks):
    return replace(given_input, agreed=tuple(Agreed(name, "quality", Decimal(points)) for name, points in marks))


def test_an_agreed_mark_takes_the_place_of_the_mean():
    start = an_input(PLAIN, {a_candidate("a"): TWO, a_candidate("b", order=2): [[75], [75]]})
    run = compute_ranking(agreed(start, ("a", "79.5")))
    assert [(each.candidate, each.total) for each in run.results] == [("a", Decimal("79.50")), ("b", Decimal("75.00"))]
    assert run.result_of("a").means[0].exact == "159/2"
    line = next(each for each in explain(run, "a") if "concordato" in each)
    assert "79,5" in line
    assert "60 · 80" in line


def test_where_a_mark_was_agreed_nobodys_own_is_missing():
    start = an_input(PLAIN, {a_candidate("a"): TWO})
    bare = replace(start, scores=())
    with pytest.raises(ScoresMissing):
        compute_ranking(bare)
    assert compute_ranking(agreed(bare, ("a", "70"))).results[0].total == Decimal("70.00")


@pytest.mark.parametrize(("mark", "refusal"), [("100.5", PointsOutOfRange), ("-1", PointsOutOfRange)])
def test_an_agreed_mark_stays_within_the_criterion(mark, refusal):
    with pytest.raises(refusal):
        compute_ranking(agreed(an_input(PLAIN, {a_candidate("a"): TWO}), ("a", mark)))


def test_an_agreed_mark_belongs_to_a_criterion_and_an_application():
    start = an_input(PLAIN, {a_candidate("a"): TWO})
    for mark in (Agreed("z", "quality", Decimal(1)), Agreed("a", "other", Decimal(1))):
        with pytest.raises(ScoresUnexpected):
            compute_ranking(replace(start, agreed=(mark,)))


def test_sheets_and_scores_say_the_same():
    start = an_input(PLAIN, {a_candidate("a"): TWO})
    sheets = tuple(Sheet(each.candidate, each.evaluator, (each.points,)) for each in start.scores)
    assert input_json(replace(start, scores=(), sheets=sheets)) == input_json(start)


def test_what_follows_a_ranking_is_stored_and_read_back():
    a, b = a_candidate("a"), replace(a_candidate("b", order=2), reserved=True)
    start = replace(an_input(PLAIN, {a: TWO, b: TWO}), standing=(Standing("a", "main", 10_000),), gone=("b",))
    start = agreed(start, ("a", "79"))
    content = input_json(start)
    assert input_json(read_input(content)) == content
    assert output_json(compute_ranking(read_input(content))) == output_json(compute_ranking(start))


def test_who_stands_keeps_its_grant_and_who_follows_moves_up():
    """Money for two and a bit; the second of three renounces: the first keeps its own, the third moves up."""
    a, b, c = (a_candidate(name, order=place) for place, name in enumerate("abc", 1))
    start = an_input(PLAIN, {a: [[90]], b: [[80]], c: [[70]]}, budget=20_000)
    assert money(compute_ranking(start)) == [
        ("a", Outcome.FUNDED, 10_000), ("b", Outcome.FUNDED, 10_000), ("c", Outcome.SUITABLE_NOT_FUNDED, 0)
    ]  # fmt: skip
    run = compute_ranking(replace(start, standing=(Standing("a", "main", 10_000),), gone=("b",)))
    assert money(run) == [("a", Outcome.FUNDED, 10_000), ("b", Outcome.LEFT, 0), ("c", Outcome.FUNDED, 10_000)]
    assert [reasons(each) for each in run.results] == [[ReasonCode.KEPT], [ReasonCode.LEFT_RANKING], []]
    assert [each.cumulative_cents for each in run.results] == [10_000, 10_000, 20_000]
    assert [each.position for each in run.results] == [1, 2, 3]


def test_a_dearer_one_above_never_takes_the_money_of_who_stands():
    """Skipped once for want of money, it is served from what came free, or not at all."""
    a, b = a_candidate("a", asks=6_000), a_candidate("b", asks=7_000, order=2)
    c = a_candidate("c", asks=4_000, order=3)
    skip = replace(PLAIN, edge_rule=EdgeRule.SKIP)
    start = an_input(skip, {a: [[90]], b: [[80]], c: [[70]]}, budget=10_000)
    run = compute_ranking(replace(start, standing=(Standing("c", "main", 4_000),), gone=("a",)))
    assert money(run) == [
        ("a", Outcome.LEFT, 0), ("b", Outcome.SUITABLE_NOT_FUNDED, 0), ("c", Outcome.FUNDED, 4_000)
    ]  # fmt: skip


def test_nobody_stands_and_is_gone_at_once():
    start = an_input(PLAIN, {a_candidate("a"): TWO})
    with pytest.raises(Invalid):
        replace(start, standing=(Standing("a", "main", 1),), gone=("a",))


@settings(max_examples=60)
@given(inputs(), st.data())
def test_running_down_again_keeps_the_budget_and_takes_nothing_from_who_stands(start, data):
    first = compute_ranking(start)
    winners = [each for each in first.results if each.outcome in WON]
    gone = data.draw(st.lists(st.sampled_from([each.candidate for each in winners]), unique=True)) if winners else []
    standing = tuple(Standing(each.candidate, each.line, each.awarded_cents)
                     for each in winners if each.candidate not in gone)  # fmt: skip
    again = compute_ranking(replace(start, standing=standing, gone=tuple(gone)))
    kept = {each.candidate: each.cents for each in standing}
    assert all(each.awarded_cents == kept.get(each.candidate, each.awarded_cents) for each in again.results)
    assert all(line.awarded_cents <= line.budget_cents for line in again.lines)
    assert {each.candidate for each in again.results if each.outcome in WON} >= set(kept)
    assert [each.position for each in again.results] == [each.position for each in first.results]


def test_six_lists_are_published_whatever_a_reserve_hides():
    assert {list_of(each, with_reserve=False) for each in Outcome} == set(PublishedList) - {PublishedList.WITH_RESERVE}
    assert len(SIX) == 6
    assert PublishedList.LEFT not in SIX
    assert list_of("funded", with_reserve=True) is PublishedList.WITH_RESERVE
    assert list_of("not_suitable", with_reserve=True) is PublishedList.NOT_SUITABLE
