"""What must hold with everything a call can declare: computed criteria, places, rankings of their own, draws."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.evaluation.ranking import (
    NO_FACTS,
    WON,
    Candidate,
    Draw,
    Facts,
    Ranking,
    RankingInput,
    compute_ranking,
    explain,
    input_json,
    list_hash,
    output_json,
    read_input,
)
from portal.evaluation.ranking.allocation import counts
from portal.evaluation.ranking.drawing import order_drawn
from tests.factories.ranking import HALVES, rich_inputs

T = TypeVar("T")


def shuffled(things: Sequence[T], chance: Random) -> tuple[T, ...]:
    return tuple(chance.sample(things, len(things)))


def drawn(ranking: Ranking, seed: str) -> RankingInput:
    """The same with a draw held between all who share a place."""
    draws = tuple(Draw(tie.references, list_hash(tie.references), seed) for tie in ranking.ties)
    return replace(ranking.given, draws=draws)


@given(rich_inputs(), st.randoms(use_true_random=False))
def test_the_same_input_in_any_order_gives_the_same_bytes(start: RankingInput, chance: Random) -> None:
    start = drawn(compute_ranking(start), "1-2-3")
    scheme = replace(start.scheme, quotas=shuffled(start.scheme.quotas, chance))
    other = RankingInput(
        scheme, shuffled(start.lines, chance), shuffled(start.candidates, chance), shuffled(start.assignments, chance),
        shuffled(start.scores, chance), shuffled(start.recusals, chance), shuffled(start.draws, chance),
    )  # fmt: skip
    stored = input_json(start)
    assert input_json(other) == stored
    assert output_json(compute_ranking(other)) == output_json(compute_ranking(start))
    assert output_json(compute_ranking(read_input(stored))) == output_json(compute_ranking(start))
    assert input_json(read_input(stored)) == stored


@given(rich_inputs())
def test_an_inadmissible_application_changes_nothing_whatever_it_says(start: RankingInput) -> None:
    said = Facts(numbers=(("x", 10**9), ("y", 1)), bonuses=("b",), women=9, gendered=9)  # type: ignore[arg-type]
    barred = Candidate("c99", "VIV-0", 1, 10_000, 0, "a", "z", False, kind="k", listed_in="one", facts=said)
    with_it = compute_ranking(replace(start, candidates=(barred, *start.candidates)))
    without = compute_ranking(start)
    assert tuple(each for each in with_it.results if each.candidate != "c99") == without.results
    assert (with_it.lines, with_it.quotas) == (without.lines, without.quotas)


@given(rich_inputs(), st.data())
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


@given(rich_inputs())
def test_neither_money_nor_places_are_ever_exceeded(start: RankingInput) -> None:
    ranking = compute_ranking(start)
    by_line = Counter[str]()
    for result in ranking.results:
        by_line[result.line] += result.awarded_cents
        assert 0 <= result.awarded_cents <= result.requested_cents
    for line in ranking.lines:
        assert by_line[line.line] == line.awarded_cents <= line.budget_cents
    people = {each.id: each for each in start.candidates}
    for each in ranking.quotas:
        winners = [r for r in ranking.results if r.outcome in WON and counts(each.quota, people[r.candidate])]
        assert len(winners) == each.taken <= each.quota.count


@given(rich_inputs())
def test_a_line_that_may_pay_is_one_that_serves(start: RankingInput) -> None:
    people = {each.id: each for each in start.candidates}
    for result in compute_ranking(start).results:
        candidate = people[result.candidate]
        assert result.line in (candidate.line, *candidate.other_lines)
        assert result.ranking == candidate.ranking


@given(rich_inputs(), st.text(min_size=1, max_size=9))
def test_a_draw_leaves_nobody_who_shares_a_place(start: RankingInput, seed: str) -> None:
    before = compute_ranking(start)
    assume(start.scheme.draws)
    after = compute_ranking(drawn(before, seed))
    assert after.ties == ()
    assert not any(each.is_undecided for each in after.results) or len({each.ranking for each in after.results}) > 1
    for draw in after.given.draws:
        order = [each.reference for each in after.results if each.reference in draw.references]
        assert order == order_drawn(draw)


@given(rich_inputs(), st.sampled_from(["it", "en"]))
def test_every_result_can_be_explained(start: RankingInput, locale: str) -> None:
    ranking = compute_ranking(start)
    for result in ranking.results:
        text = "\n".join(explain(ranking, result.candidate, locale))
        assert result.reference in text
        assert "{" not in text
        assert all(mean.exact in text for mean in result.means)


@given(rich_inputs())
def test_without_computed_criteria_answers_count_for_nothing(start: RankingInput) -> None:
    plain = replace(start.scheme, criteria=start.scheme.scored, tie_breaks=())
    silent = tuple(replace(each, facts=NO_FACTS) for each in start.candidates)
    one = compute_ranking(replace(start, scheme=plain))
    other = compute_ranking(replace(start, scheme=plain, candidates=silent))
    assert one.results == other.results
