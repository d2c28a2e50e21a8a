"""What must hold for every ranking (`security.md` P14)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import TypeVar

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.evaluation.ranking import (
    JOINT,
    Candidate,
    EdgeRule,
    Outcome,
    RankedResult,
    RankingInput,
    Rounding,
    compute_ranking,
    explain,
    input_json,
    output_json,
    read_input,
)
from portal.evaluation.ranking.scores import panels_of
from tests.factories.ranking import HALVES, inputs

T = TypeVar("T")
PRECISE = Context(prec=60)


def shuffled(things: Sequence[T], chance: Random) -> tuple[T, ...]:
    return tuple(chance.sample(things, len(things)))


def placed(results: Sequence[RankedResult], line: str) -> list[RankedResult]:
    return [result for result in results if result.line == line and result.position is not None]


@given(inputs(), st.randoms(use_true_random=False))
def test_the_same_input_in_any_order_gives_the_same_bytes(start: RankingInput, chance: Random) -> None:
    other = RankingInput(
        scheme=start.scheme,
        lines=shuffled(start.lines, chance),
        candidates=shuffled(start.candidates, chance),
        assignments=shuffled(start.assignments, chance),
        scores=shuffled(start.scores, chance),
        recusals=shuffled(start.recusals, chance),
    )
    assert input_json(other) == input_json(start)
    assert output_json(compute_ranking(other)) == output_json(compute_ranking(start))


@given(inputs())
def test_a_stored_input_is_computed_again_to_the_same_bytes(start: RankingInput) -> None:
    stored = input_json(start)
    again = read_input(stored)
    assert input_json(again) == stored
    assert output_json(compute_ranking(again)) == output_json(compute_ranking(start))


@given(inputs(), st.integers(min_value=0, max_value=10_000))
def test_adding_an_inadmissible_application_changes_nothing(start: RankingInput, asks: int) -> None:
    barred = Candidate("c99", "VIV-0", asks, 10_000, 0, "a", None, admissible=False)
    with_it = compute_ranking(replace(start, candidates=(barred, *start.candidates)))
    without = compute_ranking(start)
    assert tuple(each for each in with_it.results if each.candidate != "c99") == without.results
    assert with_it.lines == without.lines
    assert with_it.result_of("c99").outcome is Outcome.INADMISSIBLE


@given(inputs(), st.data())
def test_raising_one_score_never_lowers_its_rank(start: RankingInput, data: st.DataObject) -> None:
    assume(start.scores)
    index = data.draw(st.integers(0, len(start.scores) - 1))
    score = start.scores[index]
    raised = replace(score, points=data.draw(st.sampled_from([p for p in HALVES if p >= score.points])))
    better = replace(start, scores=(*start.scores[:index], raised, *start.scores[index + 1 :]))
    before = compute_ranking(start).result_of(score.candidate)
    after = compute_ranking(better).result_of(score.candidate)
    if before.position is not None:
        assert after.position is not None
        assert after.position <= before.position


@given(inputs())
def test_the_budget_is_never_exceeded_and_adds_up(start: RankingInput) -> None:
    ranking = compute_ranking(start)
    for line in ranking.lines:
        running = 0
        for result in placed(ranking.results, line.line):
            running += result.awarded_cents
            assert 0 <= result.awarded_cents <= result.requested_cents
            assert result.cumulative_cents == running <= line.budget_cents
        assert line.awarded_cents == running == line.budget_cents - line.left_cents
    assert all(each.awarded_cents == 0 for each in ranking.results if each.position is None)


@given(inputs())
def test_outcomes_and_awards_agree(start: RankingInput) -> None:
    for result in compute_ranking(start).results:
        full = result.awarded_cents == result.requested_cents
        assert (result.outcome is Outcome.FUNDED) == (full and result.position is not None)
        assert (result.outcome is Outcome.FUNDED_PARTIALLY) == (result.awarded_cents > 0 and not full)
        assert bool(result.reasons) == (result.outcome is not Outcome.FUNDED)


@given(inputs())
def test_only_the_skipping_rule_funds_below_one_that_is_not_funded(start: RankingInput) -> None:
    assume(start.scheme.edge_rule is not EdgeRule.SKIP)
    ranking = compute_ranking(start)
    for line in ranking.lines:
        outcomes = [result.outcome for result in placed(ranking.results, line.line)]
        kept = [outcome for outcome in outcomes if outcome is not Outcome.SUITABLE_NOT_FUNDED]
        assert outcomes[: len(kept)] == kept
        assert Outcome.FUNDED_PARTIALLY not in kept[:-1]


@given(inputs())
def test_removing_a_recused_evaluator_equals_never_having_them(start: RankingInput) -> None:
    gone = {(tie.candidate, tie.evaluator) for tie in start.recusals}
    never = replace(
        start,
        recusals=(),
        assignments=tuple(tie for tie in start.assignments if (tie.candidate, tie.evaluator) not in gone),
        scores=tuple(each for each in start.scores if (each.candidate, each.evaluator) not in gone),
    )
    assert output_json(compute_ranking(never)) == output_json(compute_ranking(start))


@given(inputs())
def test_places_count_those_strictly_ahead_and_are_shared_only_when_joint(start: RankingInput) -> None:
    ranking = compute_ranking(start)
    for line in ranking.lines:
        results = placed(ranking.results, line.line)
        places = [result.position or 0 for result in results]
        assert places == [1 + sum(other < place for other in places) for place in places]
        for above, below in pairwise(results):
            assert below.separation is not None
            assert below.separation.neighbour == above.candidate
            assert (below.separation.by == JOINT) == (below.position == above.position)
            assert (above.total or 0) >= (below.total or 0)


@given(inputs())
def test_totals_equal_a_plain_computation_with_fractions(start: RankingInput) -> None:
    ranking = compute_ranking(start)
    panels = panels_of(start)
    mode = ROUND_HALF_UP if start.scheme.rounding is Rounding.HALF_UP else ROUND_HALF_EVEN
    for result in ranking.results:
        if result.total is None:
            continue
        panel = panels[result.candidate]
        points = [s.points for s in start.scores if s.candidate == result.candidate and s.evaluator in panel]
        exact = sum((Fraction(each) for each in points), Fraction(0)) / len(panel)
        assert Fraction(result.exact_sum or "") == exact
        assert sum(Fraction(mean.exact) for mean in result.means) == exact
        capped = exact if start.scheme.cap is None else min(exact, Fraction(start.scheme.cap))
        wide = PRECISE.divide(Decimal(capped.numerator), Decimal(capped.denominator))
        assert result.total == wide.quantize(Decimal(1).scaleb(-start.scheme.decimals), mode)


@given(inputs(), st.sampled_from(["it", "en"]))
def test_every_result_can_be_explained_with_all_its_numbers(start: RankingInput, locale: str) -> None:
    ranking = compute_ranking(start)
    for result in ranking.results:
        text = "\n".join(explain(ranking, result.candidate, locale))
        assert result.reference in text
        assert "{" not in text
        for mean in result.means:
            assert mean.exact in text
            assert str(mean.published).replace(".", "," if locale == "it" else ".") in text
