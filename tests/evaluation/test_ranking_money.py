"""The edge of the budget, worked by hand: stop, partial grant, skip, shared places, several lines."""

from portal.evaluation.ranking import (
    EdgeRule,
    Line,
    Outcome,
    RankingInput,
    ReasonCode,
    Scheme,
    compute_ranking,
)
from tests.factories.ranking import PLAIN, a_candidate, an_input, money, places, reasons

FOUR = {
    a_candidate("a", asks=40_000): [[90]],
    a_candidate("b", asks=40_000): [[80]],
    a_candidate("c", asks=30_000): [[70]],
    a_candidate("d", asks=20_000): [[60]],
}


def test_stopping_at_the_edge_funds_nothing_further_down() -> None:
    ranking = compute_ranking(an_input(PLAIN, FOUR, budget=60_000))
    assert money(ranking) == [
        ("a", Outcome.FUNDED, 40_000),
        ("b", Outcome.SUITABLE_NOT_FUNDED, 0),
        ("c", Outcome.SUITABLE_NOT_FUNDED, 0),
        ("d", Outcome.SUITABLE_NOT_FUNDED, 0),
    ]
    assert [reasons(result) for result in ranking.results] == [
        [], [ReasonCode.BUDGET_TOO_SMALL], [ReasonCode.LINE_CLOSED], [ReasonCode.LINE_CLOSED],
    ]  # fmt: skip
    assert ranking.lines[0].left_cents == 20_000


def test_skipping_goes_on_to_the_next_that_fits() -> None:
    scheme = Scheme(criteria=PLAIN.criteria, edge_rule=EdgeRule.SKIP)
    ranking = compute_ranking(an_input(scheme, FOUR, budget=60_000))
    assert [result.awarded_cents for result in ranking.results] == [40_000, 0, 0, 20_000]
    assert [result.cumulative_cents for result in ranking.results] == [40_000, 40_000, 40_000, 60_000]


def test_the_remainder_is_granted_where_it_reaches_the_smallest_share() -> None:
    half = Scheme(criteria=PLAIN.criteria, edge_rule=EdgeRule.PARTIAL, minimum_partial_bp=5000)
    ranking = compute_ranking(an_input(half, FOUR, budget=60_000))
    assert money(ranking)[1] == ("b", Outcome.FUNDED_PARTIALLY, 20_000)
    assert [result.awarded_cents for result in ranking.results] == [40_000, 20_000, 0, 0]
    assert dict(ranking.result_of("b").reasons[0].facts) == {
        "left_cents": 20_000, "requested_cents": 40_000, "least_cents": 20_000,
    }  # fmt: skip


def test_a_remainder_one_cent_too_small_stays_in_the_line() -> None:
    half = Scheme(criteria=PLAIN.criteria, edge_rule=EdgeRule.PARTIAL, minimum_partial_bp=5000)
    ranking = compute_ranking(an_input(half, FOUR, budget=59_999))
    assert [result.awarded_cents for result in ranking.results] == [40_000, 0, 0, 0]
    assert reasons(ranking.result_of("b")) == [ReasonCode.REMAINDER_TOO_SMALL]
    assert ranking.lines[0].left_cents == 19_999


def test_the_smallest_share_of_an_odd_amount_is_rounded_up() -> None:
    # half of 100.01 is 50.005: 50.00 would undercut the half, 50.01 does not
    half = Scheme(criteria=PLAIN.criteria, edge_rule=EdgeRule.PARTIAL, minimum_partial_bp=5000)
    odd = {a_candidate("a", asks=10_001): [[90]]}
    assert compute_ranking(an_input(half, odd, budget=5_000)).result_of("a").awarded_cents == 0
    assert compute_ranking(an_input(half, odd, budget=5_001)).result_of("a").awarded_cents == 5_001


def test_a_budget_used_up_to_the_cent_leaves_no_partial_grant() -> None:
    anything = Scheme(criteria=PLAIN.criteria, edge_rule=EdgeRule.PARTIAL)
    ranking = compute_ranking(an_input(anything, FOUR, budget=80_000))
    assert [result.awarded_cents for result in ranking.results] == [40_000, 40_000, 0, 0]
    assert reasons(ranking.result_of("c")) == [ReasonCode.BUDGET_TOO_SMALL]


def test_two_that_share_the_place_at_the_edge_wait_for_a_draw() -> None:
    sheets = {
        a_candidate("a", asks=40_000): [[80]],
        a_candidate("b", asks=40_000): [[80]],
        a_candidate("c", asks=10_000): [[60]],
    }
    for rule in EdgeRule:
        scheme = Scheme(criteria=PLAIN.criteria, edge_rule=rule)
        ranking = compute_ranking(an_input(scheme, sheets, budget=60_000))
        assert [result.awarded_cents for result in ranking.results] == [0, 0, 0]
        assert ranking.lines[0].draw_between == ("A", "B")
        assert reasons(ranking.result_of("c")) == [ReasonCode.LINE_CLOSED]
        both = compute_ranking(an_input(scheme, sheets, budget=80_000))
        assert [result.awarded_cents for result in both.results] == [40_000, 40_000, 0]
        assert both.lines[0].draw_between == ()


def test_no_draw_is_called_for_where_nobody_who_shares_the_place_fits() -> None:
    sheets = {
        a_candidate("a", asks=40_000): [[80]],
        a_candidate("b", asks=40_000): [[80]],
        a_candidate("c", asks=10_000): [[60]],
    }
    scheme = Scheme(criteria=PLAIN.criteria, edge_rule=EdgeRule.SKIP)
    ranking = compute_ranking(an_input(scheme, sheets, budget=30_000))
    assert [result.awarded_cents for result in ranking.results] == [0, 0, 10_000]
    assert ranking.lines[0].draw_between == ()


def test_each_budget_line_has_its_own_places_and_money() -> None:
    # two actions, as in Bologna 2019: the best of one does not take from the other
    given = an_input(
        PLAIN,
        {
            a_candidate("a", line="one", asks=50_000): [[90]],
            a_candidate("b", line="two", asks=50_000): [[70]],
            a_candidate("c", line="two", asks=50_000): [[80]],
        },
    )
    given = RankingInput(
        given.scheme,
        (Line("one", 50_000), Line("two", 60_000)),
        given.candidates,
        given.assignments,
        given.scores,
    )
    ranking = compute_ranking(given)
    assert places(ranking) == [("a", 1), ("c", 1), ("b", 2)]
    assert [result.awarded_cents for result in ranking.results] == [50_000, 50_000, 0]
