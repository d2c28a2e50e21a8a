"""Computed criteria worked by hand: scales, levels, formulas, interpolation, bonuses (`domain.md` §1.4, §1.5)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from portal.core.errors import Invalid
from portal.evaluation.ranking import (
    Better,
    Candidate,
    Criterion,
    Facts,
    Level,
    Outcome,
    PointsOutOfRange,
    Ranking,
    RankingInput,
    ReasonCode,
    Scheme,
    Source,
    compute_ranking,
    explain,
    input_json,
    output_json,
    read_input,
)
from tests.factories.ranking import Rows, a_candidate, an_input, places, reasons

QUALITY = Criterion("quality", Decimal(60))
COFINANCING = Criterion(
    "cofinancing",
    Decimal(10),
    source=Source.FORMULA,
    formula="min(10, max(0, share(budget.cofinancing, budget.cost) - 10) / (30 - 10) * 10)",
)
SPREAD = Criterion("jobs", Decimal(20), source=Source.INTERPOLATION, tag="jobs", better=Better.HIGHER)
YOUNG = Criterion("young", Decimal(2), source=Source.BONUS)
TENTH = Criterion("tenth", Decimal(5), source=Source.BONUS, per_cent=Decimal(10))


def saying(candidate: Candidate, *bonuses: str, **numbers: str) -> Candidate:
    """A candidate with its answers; `budget_cost` is the tag budget.cost."""
    said = tuple((name.replace("_", "."), Decimal(number)) for name, number in numbers.items())
    return replace(candidate, facts=Facts(numbers=said, bonuses=bonuses))


def means(ranking: Ranking, name: str) -> list[str]:
    return [str(mean.published) for mean in ranking.result_of(name).means]


def ranked(scheme: Scheme, sheets: Mapping[Candidate, Rows]) -> Ranking:
    """The ranking, computed again from its stored input to the same bytes."""
    given = an_input(scheme, sheets)
    again = read_input(input_json(given))
    assert output_json(compute_ranking(again)) == output_json(compute_ranking(given))
    return compute_ranking(given)


def test_the_formula_of_co_financing_is_held_between_nothing_and_its_maximum():
    scheme = Scheme(criteria=(QUALITY, COFINANCING))
    own = {"a": "22500", "b": "10000", "c": "9999.99", "d": "30000", "e": "55000"}
    ranking = ranked(
        scheme, {saying(a_candidate(key), budget_cofinancing=own[key], budget_cost="100000"): [[40]] for key in own}
    )
    # 22.5 %: 12.5 / 20 * 10 = 6.25; 10 % and less: 0; 30 % and more: 10
    assert [means(ranking, key)[1] for key in own] == ["6.25", "0.00", "0.00", "10.00", "10.00"]
    assert str(ranking.result_of("a").total) == "46.25"


def test_a_formula_that_divides_stays_exact():
    # a third of the cost: (100/3 - 10) / 20 * 10 is 35/3, held at 10; two ninths: (200/9 - 10) / 2 = 55/9 = 6.111…
    ranking = ranked(
        Scheme(criteria=(QUALITY, COFINANCING)),
        {
            saying(a_candidate("third"), budget_cofinancing="30000", budget_cost="90000"): [[1]],
            saying(a_candidate("ninths"), budget_cofinancing="20000", budget_cost="90000"): [[1]],
        },
    )
    assert [ranking.result_of(key).means[1].exact for key in ("third", "ninths")] == ["10", "55/9"]
    assert ranking.result_of("ninths").exact_sum == "64/9"
    assert str(ranking.result_of("ninths").total) == "7.11"


def test_what_cannot_be_computed_gives_no_points():
    sheets = {saying(a_candidate("a"), budget_cost="100000"): [[40]],
              saying(a_candidate("b"), budget_cofinancing="5", budget_cost="0"): [[40]]}  # fmt: skip
    ranking = ranked(Scheme(criteria=(QUALITY, COFINANCING)), sheets)
    assert [str(ranking.result_of(key).total) for key in "ab"] == ["40.00", "40.00"]
    assert any("nessuna risposta" in line for line in explain(ranking, "a", "it"))


def test_interpolation_runs_from_the_worst_to_the_best_of_the_admissible():
    sheets: Mapping[Candidate, Rows] = {
        saying(a_candidate("least"), jobs="2"): [[10]],
        saying(a_candidate("middle"), jobs="5"): [[10]],
        saying(a_candidate("most"), jobs="10"): [[10]],
        a_candidate("silent"): [[10]],
        saying(a_candidate("barred", admissible=False), jobs="1000"): [],
    }
    ranking = ranked(Scheme(criteria=(QUALITY, SPREAD)), sheets)
    # (5 - 2) / (10 - 2) * 20 = 7.5; no answer gets nothing and does not stretch the cohort
    assert [means(ranking, key)[1] for key in ("least", "middle", "most", "silent")] == [
        "0.00",
        "7.50",
        "20.00",
        "0.00",
    ]
    lower = replace(SPREAD, better=Better.LOWER)
    other = ranked(Scheme(criteria=(QUALITY, lower)), sheets)
    assert [means(other, key)[1] for key in ("least", "middle", "most")] == ["20.00", "12.50", "0.00"]


def test_one_alone_and_all_alike_get_the_whole_interpolation():
    scheme = Scheme(criteria=(QUALITY, SPREAD))
    alone = ranked(scheme, {saying(a_candidate("a"), jobs="3"): [[10]]})
    alike = ranked(scheme, {saying(a_candidate(key), jobs="0"): [[10]] for key in "ab"})
    assert (means(alone, "a")[1], means(alike, "a")[1], means(alike, "b")[1]) == ("20.00", "20.00", "20.00")


def test_each_ranking_is_a_cohort_of_its_own():
    sheets = {
        replace(saying(a_candidate("a"), jobs="2"), listed_in="bodies"): [[10]],
        replace(saying(a_candidate("b"), jobs="4"), listed_in="bodies"): [[10]],
        replace(saying(a_candidate("c"), jobs="100"), listed_in="groups"): [[10]],
    }
    ranking = ranked(Scheme(criteria=(QUALITY, SPREAD)), sheets)
    assert [means(ranking, key)[1] for key in "abc"] == ["0.00", "20.00", "20.00"]
    assert places(ranking) == [("b", 1), ("a", 2), ("c", 1)]


def test_a_bonus_gives_its_points_or_a_share_of_the_others_up_to_its_maximum():
    scheme = Scheme(criteria=(QUALITY, YOUNG, TENTH), cap=Decimal(60))
    sheets: Mapping[Candidate, Rows] = {
        saying(a_candidate("neither")): [[33]],
        saying(a_candidate("both"), "tenth", "young"): [[33]],
        saying(a_candidate("held"), "tenth"): [[58]],
    }
    ranking = ranked(scheme, sheets)
    assert means(ranking, "neither") == ["33.00", "0.00", "0.00"]
    # 10 % of 33, not of 35: bonuses do not raise each other
    assert means(ranking, "both") == ["33.00", "2.00", "3.30"]
    # 10 % of 58 is 5.8, held at 5; 63 is capped at 60
    assert (means(ranking, "held")[2], str(ranking.result_of("held").total)) == ("5.00", "60.00")
    assert ranking.result_of("held").capped


def test_the_least_total_counts_bonuses_and_the_cap():
    scheme = Scheme(criteria=(QUALITY, YOUNG), minimum_total=Decimal(35))
    sheets = {saying(a_candidate("a"), "young"): [[33]], saying(a_candidate("b")): [[34]]}
    ranking = ranked(scheme, sheets)
    assert [ranking.result_of(key).outcome for key in "ab"] == [Outcome.FUNDED, Outcome.NOT_SUITABLE]


def test_marks_of_a_scale_become_points_in_proportion():
    scheme = Scheme(criteria=(Criterion("idea", Decimal(25), threshold=Decimal(15), scale=Decimal(10)),))
    ranking = ranked(scheme, {a_candidate("a"): [[7], [8], [8]], a_candidate("b"): [[6], [6], [5]]})
    # 23 / 3 * 2.5 = 115/6 = 19.17; 17 / 3 * 2.5 = 85/6 = 14.17, below the minimum of 15
    assert [ranking.result_of(key).means[0].exact for key in "ab"] == ["115/6", "85/6"]
    assert [str(ranking.result_of(key).total) for key in "ab"] == ["19.17", "14.17"]
    assert reasons(ranking.result_of("b")) == [ReasonCode.BELOW_CRITERION_MINIMUM]
    with pytest.raises(PointsOutOfRange):
        compute_ranking(an_input(scheme, {a_candidate("a"): [["10.5"]]}))


ROOTED = Criterion(
    "rooted", Decimal(15), levels=(Level(Decimal(0), knock_out=True), Level(Decimal(5)), Level(Decimal(15)))
)


def test_one_evaluator_who_chooses_a_level_that_rejects_is_enough():
    scheme = Scheme(criteria=(QUALITY, ROOTED))
    sheets: Mapping[Candidate, Rows] = {
        a_candidate("a"): [[60, 15], [60, 15], [60, 0]],
        a_candidate("b"): [[20, 5], [20, 5], [20, 15]],
    }
    ranking = ranked(scheme, sheets)
    assert places(ranking) == [("b", 1), ("a", None)]
    (reason,) = ranking.result_of("a").reasons
    assert (reason.code, dict(reason.facts)) == (ReasonCode.KNOCKED_OUT, {"criterion": "rooted", "count": 1})
    with pytest.raises(PointsOutOfRange):
        compute_ranking(an_input(scheme, {a_candidate("a"): [[60, 10]]}))


def test_the_words_say_how_answers_became_points():
    names = {"budget.cofinancing": "Quota propria", "budget.cost": "Costo totale", "cofinancing": "Cofinanziamento",
             "jobs": "Posti di lavoro", "when:young": "più della metà ha meno di 35 anni"}  # fmt: skip
    sheets = {
        saying(a_candidate("a"), "young", budget_cofinancing="22500", budget_cost="100000", jobs="5"): [[40]],
        saying(a_candidate("b"), budget_cofinancing="10000", budget_cost="100000", jobs="9"): [[40]],
    }
    ranking = ranked(Scheme(criteria=(QUALITY, COFINANCING, SPREAD, YOUNG)), sheets)
    lines = explain(ranking, "a", "it", names)
    assert (
        "Cofinanziamento, calcolato dalla domanda: Quota propria su Costo totale: 22,5 % → 6,25 punti su 10." in lines
    )
    assert (
        "Posti di lavoro, calcolato dalla domanda: Posti di lavoro: 5; nelle domande ammesse della stessa graduatoria"
        " va da 5 (zero punti) a 9 (il massimo) → 0,00 punti su 20."
    ) in lines
    assert any("la premialità spetta (più della metà ha meno di 35 anni) → 2,00 punti su 2." in line for line in lines)
    assert any("22.5 % → 6.25 points of 10" in line for line in explain(ranking, "a", "en"))
    assert any("la premialità non spetta" in line for line in explain(ranking, "b", "it", names))


def test_a_source_without_what_it_needs_is_refused():
    for criterion in (
        replace(COFINANCING, formula=None),
        replace(SPREAD, tag=None),
        replace(YOUNG, threshold=Decimal(1)),
    ):
        with pytest.raises(Invalid):
            Scheme(criteria=(criterion,))


def test_a_ranking_without_evaluators_needs_no_sheets():
    given = RankingInput(
        Scheme(criteria=(COFINANCING,)), an_input(Scheme(criteria=(QUALITY,)), {}).lines,
        (saying(a_candidate("a"), budget_cofinancing="22500", budget_cost="100000"),), (), (),
    )  # fmt: skip
    assert str(compute_ranking(given).result_of("a").total) == "6.25"
