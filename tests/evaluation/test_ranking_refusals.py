"""What is not computed: missing, doubled, foreign, impossible scores; schemes that contradict themselves."""

from dataclasses import replace
from decimal import Decimal, localcontext

import pytest

from portal.core.errors import Conflict, Invalid, NotFound
from portal.evaluation.ranking import (
    Candidate,
    Cell,
    Criterion,
    Line,
    NobodyScored,
    PointsOutOfRange,
    RankingInput,
    Recusal,
    Scheme,
    Score,
    ScoresMissing,
    ScoresTwice,
    ScoresUnexpected,
    TieBreak,
    TieRule,
    compute_ranking,
    read_input,
)
from tests.factories.ranking import BY_REQUEST, PLAIN, a_candidate, an_input

TWO = Scheme(criteria=(Criterion("x", Decimal(10)), Criterion("y", Decimal(10))))


def two_sheets() -> RankingInput:
    return an_input(TWO, {a_candidate("a"): [[1, 2], [3, 4]], a_candidate("b"): [[5, 6], [7, 8]]})


def test_every_missing_score_is_named_and_nothing_is_computed() -> None:
    full = two_sheets()
    kept = tuple(s for s in full.scores if (s.candidate, s.evaluator) != ("b", "e2") and s != full.scores[0])
    with pytest.raises(ScoresMissing) as refusal:
        compute_ranking(replace(full, scores=kept))
    assert refusal.value.cells == (Cell("a", "e1", "x"), Cell("b", "e2", "x"), Cell("b", "e2", "y"))
    assert "a / e1 / x; b / e2 / x; b / e2 / y" in str(refusal.value.message)
    assert isinstance(refusal.value, Conflict)


def test_a_long_list_of_missing_scores_is_cut_in_the_message_only() -> None:
    with pytest.raises(ScoresMissing) as refusal:
        compute_ranking(replace(two_sheets(), scores=()))
    assert len(refusal.value.cells) == 8
    assert "; …" in str(refusal.value.message)


def test_scores_of_somebody_not_assigned_are_refused() -> None:
    full = two_sheets()
    stranger = Score("a", "e9", "x", Decimal(1))
    with pytest.raises(ScoresUnexpected) as refusal:
        compute_ranking(replace(full, scores=(*full.scores, stranger)))
    assert refusal.value.cells == (Cell("a", "e9", "x"),)


@pytest.mark.parametrize("cell", [Cell("zz", "e1", "x"), Cell("a", "e1", "zz")])
def test_scores_of_an_unknown_application_or_criterion_are_refused(cell: Cell) -> None:
    full = two_sheets()
    with pytest.raises(ScoresUnexpected) as refusal:
        compute_ranking(replace(full, scores=(*full.scores, Score(*cell, Decimal(1)))))
    assert refusal.value.cells == (cell,)


def test_two_scores_in_one_place_are_refused_even_when_equal() -> None:
    full = two_sheets()
    with pytest.raises(ScoresTwice) as refusal:
        compute_ranking(replace(full, scores=(*full.scores, full.scores[0])))
    assert refusal.value.cells == (Cell("a", "e1", "x"),)


@pytest.mark.parametrize(
    "points",
    ["10.000001", "-1", "NaN", "sNaN", "Infinity", "-Infinity", "0.0000001", "1E+999999", "1E-999999"],
)
def test_points_out_of_range_are_refused(points: str) -> None:
    full = two_sheets()
    bad = replace(full.scores[0], points=Decimal(points))
    with pytest.raises(PointsOutOfRange) as refusal:
        compute_ranking(replace(full, scores=(bad, *full.scores[1:])))
    assert refusal.value.cells == (Cell("a", "e1", "x"),)


def test_an_application_whose_evaluators_all_stepped_back_is_refused() -> None:
    full = replace(two_sheets(), recusals=(Recusal("a", "e1"), Recusal("a", "e2")))
    with pytest.raises(NobodyScored) as refusal:
        compute_ranking(full)
    assert refusal.value.candidates == ("A",)


def test_a_narrow_decimal_context_changes_no_published_value() -> None:
    with localcontext() as context:
        context.prec = 2
        ranking = compute_ranking(an_input(PLAIN, {a_candidate("a"): [["98.765"], ["98.764"]]}))
    assert str(ranking.result_of("a").total) == "98.76"


def test_an_unknown_application_has_no_result() -> None:
    with pytest.raises(NotFound):
        compute_ranking(two_sheets()).result_of("zz")


def test_an_input_of_another_version_is_not_read() -> None:
    with pytest.raises(ValueError, match="version 0"):
        read_input(b'{"version":0}')


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("criteria", ()),
        ("criteria", (Criterion("x", Decimal(10)), Criterion("x", Decimal(5)))),
        ("criteria", (Criterion("x", Decimal(0)),)),
        ("criteria", (Criterion("x", Decimal("NaN")),)),
        ("criteria", (Criterion("x", Decimal(10), threshold=Decimal(11)),)),
        ("criteria", (Criterion("x", Decimal(10), threshold=Decimal("5.001")),)),
        ("criteria", (Criterion("x", Decimal(10), threshold=Decimal(-1)),)),
        ("minimum_total", Decimal("59.999")),
        ("minimum_total", Decimal("Infinity")),
        ("cap", Decimal("99.999")),
        ("decimals", 7),
        ("decimals", -1),
        ("minimum_partial_bp", 10_001),
        ("minimum_partial_bp", -1),
        ("tie_breaks", (BY_REQUEST, BY_REQUEST)),
        ("tie_breaks", (TieBreak(TieRule.CRITERION),)),
        ("tie_breaks", (TieBreak(TieRule.CRITERION, "zz"),)),
        ("tie_breaks", (TieBreak(TieRule.LOWER_REQUEST, "x"),)),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(field: str, wrong: object) -> None:
    with pytest.raises(Invalid) as refusal:
        replace(TWO, **{field: wrong})  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert str(refusal.value.message)


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("c", "C", -1, 0, 1, "main"),
        Candidate("c", "C", 1, 10_001, 1, "main"),
        Candidate("c", "C", 1, -1, 1, "main"),
        Candidate("c", "C", 1, 0, 1, "elsewhere"),
        Candidate("a", "A2", 1, 0, 1, "main"),
    ],
)
def test_an_impossible_candidate_is_refused(candidate: Candidate) -> None:
    full = two_sheets()
    with pytest.raises(Invalid) as refusal:
        replace(full, candidates=(*full.candidates, candidate))
    assert str(refusal.value.message)


@pytest.mark.parametrize("lines", [(), (Line("main", 1), Line("main", 2)), (Line("main", -1),)])
def test_impossible_budget_lines_are_refused(lines: tuple[Line, ...]) -> None:
    with pytest.raises(Invalid):
        replace(two_sheets(), lines=lines)


def test_a_recusal_from_an_unknown_application_is_refused() -> None:
    with pytest.raises(Invalid):
        replace(two_sheets(), recusals=(Recusal("zz", "e1"),))
