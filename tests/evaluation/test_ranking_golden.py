"""Rankings worked by hand: rules of real calls (`domain.md` §1.3), invented sheets."""

from decimal import Decimal

from portal.evaluation.ranking import (
    JOINT,
    TOTAL,
    Criterion,
    Outcome,
    RankedResult,
    RankingInput,
    ReasonCode,
    Recusal,
    Rounding,
    Scheme,
    Score,
    TieBreak,
    TieRule,
    compute_ranking,
)
from tests.factories.ranking import (
    BY_PROTOCOL,
    BY_REQUEST,
    PLAIN,
    Rows,
    a_candidate,
    an_input,
    places,
    reasons,
    scores_of,
)

BARI_CULTURE_2021 = Scheme(
    criteria=(
        Criterion("quality", Decimal(30), threshold=Decimal(15)),
        Criterion("quantity", Decimal(20), threshold=Decimal(10)),
        Criterion("other", Decimal(50)),
    ),
    minimum_total=Decimal(60),
)
MIUR_1599_2018 = Scheme(
    criteria=(
        Criterion("experience", Decimal(35)),
        Criterion("aims", Decimal(35)),
        Criterion("capacity", Decimal(20)),
        Criterion("involvement", Decimal(10)),
        Criterion("efficiency", Decimal(5)),
        Criterion("third_party_money", Decimal(5)),
    ),
    cap=Decimal(100),
    tie_breaks=(TieBreak(TieRule.CRITERION, "experience"),),
)


def scored_alone(total: str, scheme: Scheme = PLAIN) -> RankedResult:
    return compute_ranking(an_input(scheme, {a_candidate("a"): [[total]]})).result_of("a")


# ---- Bari, culture call of 2021: 60 in all, 15 for quality, 10 for quantity --------------------------------


def test_the_three_minima_of_bari_are_each_enough_to_fail() -> None:
    ranking = compute_ranking(
        an_input(
            BARI_CULTURE_2021,
            {
                # 15 + 10 + 35 = 60: exactly on all three minima
                a_candidate("exact"): [[15, 10, 35], [15, 10, 35]],
                # quality (16 + 13) / 2 = 14.5 < 15, though the total is 14.5 + 18 + 45 = 77.5
                a_candidate("quality"): [[16, 18, 45], [13, 18, 45]],
                # quantity (9 + 10) / 2 = 9.5 < 10, though the total is 28 + 9.5 + 45 = 82.5
                a_candidate("quantity"): [[28, 9, 45], [28, 10, 45]],
                # 20 + 12 + 27.5 = 59.5 < 60
                a_candidate("total"): [[20, 12, 27], [20, 12, 28]],
                # 14 + 9 + 30 = 53 fails everything
                a_candidate("all"): [[14, 9, 30], [14, 9, 30]],
                # 27 + 18 + 41.5 = 86.5
                a_candidate("best"): [[27, 18, 40], [27, 18, 43]],
            },
        )
    )
    assert places(ranking) == [
        ("best", 1), ("exact", 2), ("quantity", None), ("quality", None), ("total", None), ("all", None),
    ]  # fmt: skip
    assert [str(result.total) for result in ranking.results] == [
        "86.50",
        "60.00",
        "82.50",
        "77.50",
        "59.50",
        "53.00",
    ]
    assert reasons(ranking.result_of("total")) == [ReasonCode.BELOW_TOTAL_MINIMUM]
    assert reasons(ranking.result_of("all")) == [
        ReasonCode.BELOW_CRITERION_MINIMUM,
        ReasonCode.BELOW_CRITERION_MINIMUM,
        ReasonCode.BELOW_TOTAL_MINIMUM,
    ]
    (failed,) = ranking.result_of("quality").reasons
    assert dict(failed.facts) == {"criterion": "quality", "points": "14.50", "minimum": "15"}


def test_a_threshold_is_compared_with_the_published_value() -> None:
    rows: Rows
    # means: 15, 15, 89.99/3 = 29.99666…; exact total 59.99666… is published as 60.00 and passes
    rows = [[15, 15, "29.99"], [15, 15, 30], [15, 15, 30]]
    result = compute_ranking(an_input(BARI_CULTURE_2021, {a_candidate("a"): rows})).result_of("a")
    assert (result.exact_sum, str(result.total), result.position) == ("17999/300", "60.00", 1)
    # means: 15, 15, 89.98/3 = 29.99333…; published as 59.99 and fails
    rows = [[15, 15, "29.98"], [15, 15, 30], [15, 15, 30]]
    result = compute_ranking(an_input(BARI_CULTURE_2021, {a_candidate("a"): rows})).result_of("a")
    assert (str(result.total), result.outcome) == ("59.99", Outcome.NOT_SUITABLE)


def test_the_total_is_rounded_once_and_not_from_rounded_means() -> None:
    # each mean is 10/3 = 3.333… (3.33); their sum is exactly 10, not 9.99
    scheme = Scheme(criteria=tuple(Criterion(key, Decimal(10)) for key in ("a", "b", "c")))
    result = compute_ranking(an_input(scheme, {a_candidate("x"): [[3, 3, 3], [3, 3, 3], [4, 4, 4]]})).result_of("x")
    assert [(mean.exact, str(mean.published)) for mean in result.means] == [("10/3", "3.33")] * 3
    assert (result.exact_sum, str(result.total)) == ("10", "10.00")


def test_an_exact_half_is_rounded_as_the_call_declares() -> None:
    even = Scheme(criteria=PLAIN.criteria, rounding=Rounding.HALF_EVEN)
    assert [str(scored_alone(points).total) for points in ("10.125", "10.135")] == ["10.13", "10.14"]
    assert [str(scored_alone(points, even).total) for points in ("10.125", "10.135")] == ["10.12", "10.14"]


# ---- MIUR 1599/2018: maxima add up to 110, the total never exceeds 100 -----------------------------------


def test_the_cap_of_miur_makes_two_hundreds_and_the_tie_break_tells_them_apart() -> None:
    ranking = compute_ranking(
        an_input(
            MIUR_1599_2018,
            {
                a_candidate("full"): [[35, 35, 20, 10, 5, 5]],  # 110, capped to 100
                a_candidate("even"): [[30, 35, 20, 10, 5, 0]],  # 100, not capped
                a_candidate("over"): [[33, 35, 20, 10, 5, 5]],  # 108, capped to 100
                a_candidate("near"): [[35, 35, 19, 10, 0, 0]],  # 99
            },
        )
    )
    assert places(ranking) == [("full", 1), ("over", 2), ("even", 3), ("near", 4)]
    assert [(r.exact_sum, r.capped, str(r.total)) for r in ranking.results] == [
        ("110", True, "100.00"), ("108", True, "100.00"), ("100", False, "100.00"), ("99", False, "99.00"),
    ]  # fmt: skip
    separations = [r.separation.by for r in ranking.results if r.separation is not None]
    assert separations == ["criterion:experience", "criterion:experience", TOTAL]


# ---- ties ------------------------------------------------------------------------------------------------


def test_the_lower_request_goes_first_then_the_earlier_protocol() -> None:
    scheme = Scheme(criteria=PLAIN.criteria, tie_breaks=(BY_REQUEST, BY_PROTOCOL))
    ranking = compute_ranking(
        an_input(
            scheme,
            {
                a_candidate("late", asks=30_000, order=9): [[70]],
                a_candidate("early", asks=30_000, order=2): [[70]],
                a_candidate("cheap", asks=29_999, order=10): [[70]],
            },
        )
    )
    assert places(ranking) == [("cheap", 1), ("early", 2), ("late", 3)]
    first, second, third = (result.separation for result in ranking.results)
    assert first is None
    assert second is not None
    assert (second.by, second.own, second.theirs) == ("lower_request", "30000", "29999")
    assert third is not None
    assert (third.by, third.own, third.theirs) == ("protocol", "9", "2")


def test_the_higher_cofinancing_goes_first() -> None:
    scheme = Scheme(criteria=PLAIN.criteria, tie_breaks=(TieBreak(TieRule.HIGHER_COFINANCING),))
    sheets = {a_candidate("a", cofinancing_bp=1500): [[70]], a_candidate("b", cofinancing_bp=3000): [[70]]}
    assert places(compute_ranking(an_input(scheme, sheets))) == [("b", 1), ("a", 2)]


def test_a_place_is_shared_one_one_three_only_when_the_chain_is_exhausted() -> None:
    scheme = Scheme(criteria=PLAIN.criteria, tie_breaks=(BY_REQUEST,))
    ranking = compute_ranking(
        an_input(
            scheme,
            {
                a_candidate("c"): [[60]],
                a_candidate("b", asks=20_000): [[80]],
                a_candidate("a", asks=20_000): [[80]],
                a_candidate("d"): [[60]],
            },
        )
    )
    assert places(ranking) == [("a", 1), ("b", 1), ("c", 3), ("d", 3)]
    assert [r.separation.by for r in ranking.results if r.separation is not None] == [JOINT, TOTAL, JOINT]


# ---- conflicts and zeros -----------------------------------------------------------------------------------


def test_a_recused_evaluator_leaves_the_mean_of_that_application_only() -> None:
    sheets = {a_candidate("a"): [[90], [60], [60]], a_candidate("b"): [[90], [60], [60]]}
    ranking = compute_ranking(an_input(PLAIN, sheets, recusals=[Recusal("a", "e1")]))
    assert {result.candidate: str(result.total) for result in ranking.results} == {"a": "60.00", "b": "70.00"}


def test_a_zero_is_a_score() -> None:
    ranking = compute_ranking(an_input(PLAIN, {a_candidate("a"): [[90], [0]]}))
    assert str(ranking.result_of("a").total) == "45.00"


def test_an_application_excluded_after_scoring_keeps_no_marks() -> None:
    barred = a_candidate("a", admissible=False)
    given = an_input(PLAIN, {barred: [], a_candidate("b"): [[70]]})
    some = (*given.scores, *scores_of(PLAIN, "a", [[95]]), Score("a", "stranger", "quality", Decimal(1)))
    ranking = compute_ranking(RankingInput(given.scheme, given.lines, given.candidates, given.assignments, some))
    assert places(ranking) == [("b", 1), ("a", None)]
    assert ranking.result_of("a").total is None
