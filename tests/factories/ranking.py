"""Small rankings for tests: a scheme of three criteria, candidates in one line, sheets as plain numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from portal.evaluation.ranking import (
    Assignment,
    Better,
    Candidate,
    Criterion,
    EdgeRule,
    Facts,
    Line,
    Outcome,
    Quota,
    RankedResult,
    Ranking,
    RankingInput,
    ReasonCode,
    Recusal,
    Rounding,
    Scheme,
    Score,
    Source,
    TieBreak,
    TieRule,
)

# One evaluator's points, in the order of the criteria; a candidate has one row an evaluator.
Rows = Sequence[Sequence[str | int]]

PLAIN = Scheme(criteria=(Criterion("quality", Decimal(100)),))
BY_REQUEST = TieBreak(TieRule.LOWER_REQUEST)
BY_PROTOCOL = TieBreak(TieRule.PROTOCOL)


def a_candidate(
    name: str, *, asks: int = 10_000, order: int = 1, line: str = "main", cofinancing_bp: int = 1500,
    admissible: bool = True,
) -> Candidate:  # fmt: skip
    """A candidate whose reference is its identifier in capitals; amounts in cents."""
    return Candidate(name, name.upper(), asks, cofinancing_bp, order, line, None, admissible)


def scores_of(scheme: Scheme, candidate: str, rows: Rows) -> list[Score]:
    """The scores of evaluators e1, e2, … for one candidate."""
    return [
        Score(candidate, f"e{number}", key, Decimal(points))
        for number, row in enumerate(rows, start=1)
        for key, points in zip((each.key for each in scheme.scored), row, strict=True)
    ]


def an_input(
    scheme: Scheme,
    sheets: Mapping[Candidate, Rows],
    *,
    budget: int = 1_000_000,
    recusals: Sequence[Recusal] = (),
) -> RankingInput:
    """Every candidate scored by as many evaluators as it has rows; one budget, in cents, for each line."""
    lines = sorted({line for each in sheets for line in (each.line, *each.other_lines)} | {"main"})
    return RankingInput(
        scheme=scheme,
        lines=tuple(Line(line, budget) for line in lines),
        candidates=tuple(sheets),
        assignments=tuple(
            Assignment(candidate.id, f"e{number}")
            for candidate, rows in sheets.items()
            for number in range(1, len(rows) + 1)
        ),
        scores=tuple(score for candidate, rows in sheets.items() for score in scores_of(scheme, candidate.id, rows)),
        recusals=tuple(recusals),
    )


def places(ranking: Ranking) -> list[tuple[str, int | None]]:
    """Who is where, in the order of publication."""
    return [(result.candidate, result.position) for result in ranking.results]


def money(ranking: Ranking) -> list[tuple[str, Outcome, int]]:
    """Who gets what, in cents, in the order of publication."""
    return [(result.candidate, result.outcome, result.awarded_cents) for result in ranking.results]


def reasons(result: RankedResult) -> list[ReasonCode]:
    """The codes of a result's reasons."""
    return [reason.code for reason in result.reasons]


LINKS = (
    TieBreak(TieRule.CRITERION, "k0"),
    TieBreak(TieRule.CRITERION, "k1"),
    TieBreak(TieRule.LOWER_REQUEST),
    TieBreak(TieRule.HIGHER_COFINANCING),
    TieBreak(TieRule.PROTOCOL),
)
HALVES = tuple(Decimal(half) / 2 for half in range(21))


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """Schemes of two or three criteria of 10 points, with and without limits, for every rule."""
    thresholds = st.sampled_from([None, Decimal(3), Decimal(5)])
    keys = ["k0", "k1", "k2"][: draw(st.integers(2, 3))]
    return Scheme(
        criteria=tuple(Criterion(key, Decimal(10), draw(thresholds)) for key in keys),
        minimum_total=draw(st.sampled_from([None, Decimal(10), Decimal(12)])),
        decimals=draw(st.sampled_from([0, 1, 2])),
        rounding=draw(st.sampled_from(Rounding)),
        cap=draw(st.sampled_from([None, Decimal(15)])),
        tie_breaks=tuple(draw(st.lists(st.sampled_from(LINKS), unique=True))),
        edge_rule=draw(st.sampled_from(EdgeRule)),
        minimum_partial_bp=draw(st.sampled_from([0, 5000, 10_000])),
    )


@st.composite
def inputs(draw: st.DrawFn) -> RankingInput:
    """Whole inputs with two lines, a few inadmissible candidates, and one recusal at times."""
    scheme = draw(schemes())
    amounts = st.sampled_from([1_000, 1_001, 2_500, 4_000])
    candidates = tuple(
        Candidate(
            f"c{number}", f"VIV-{number}", draw(amounts), draw(st.sampled_from([0, 1500, 3000])), number,
            draw(st.sampled_from(["a", "b"])), None, draw(st.integers(0, 5)) > 0,
        )
        for number in range(draw(st.integers(1, 7)))
    )  # fmt: skip
    evaluators = [f"e{number}" for number in range(1, draw(st.integers(2, 4)))]
    cells = [
        (candidate.id, evaluator, key)
        for candidate, evaluator, key in product(candidates, evaluators, scheme.keys)
        if candidate.admissible
    ]
    points = draw(st.lists(st.sampled_from(HALVES), min_size=len(cells), max_size=len(cells)))
    most = 2 if len(evaluators) > 1 else 0
    recused = draw(st.lists(st.sampled_from(candidates), max_size=most, unique=True))
    return RankingInput(
        scheme=scheme,
        lines=tuple(Line(key, draw(st.sampled_from([0, 2_500, 5_000, 9_999]))) for key in ("a", "b")),
        candidates=candidates,
        assignments=tuple(Assignment(c.id, e) for c, e in product(candidates, evaluators)),
        scores=tuple(Score(*cell, given) for cell, given in zip(cells, points, strict=True)),
        recusals=tuple(Recusal(candidate.id, "e1") for candidate in recused),
    )


COMPUTED = (
    Criterion("f", Decimal(10), source=Source.FORMULA, formula="share(x, y) / 3"),
    Criterion("i", Decimal(5), source=Source.INTERPOLATION, tag="x", better=Better.LOWER),
    Criterion("b", Decimal(2), source=Source.BONUS),
    Criterion("p", Decimal(3), source=Source.BONUS, per_cent=Decimal(7)),
)
FURTHER = (TieBreak(TieRule.YOUNGER), TieBreak(TieRule.GENDER_MAJORITY))
QUOTAS = (Quota(1, kind="k"), Quota(2, area="z"), Quota(3), Quota(2, kind="l"), Quota(1, line="a"))


@st.composite
def rich_inputs(draw: st.DrawFn) -> RankingInput:
    """Inputs with everything a call can declare: computed criteria, scales, places, rankings of their own."""
    plain = draw(inputs())
    scale = draw(st.sampled_from([None, Decimal(12)]))
    first, *others = plain.scheme.criteria
    last = TieBreak(TieRule.DRAW)
    breaks = [*plain.scheme.tie_breaks, *draw(st.lists(st.sampled_from(FURTHER), unique=True))]
    scheme = replace(
        plain.scheme,
        criteria=(replace(first, scale=scale), *others, *draw(st.lists(st.sampled_from(COMPUTED), unique=True))),
        tie_breaks=tuple([*breaks, last] if draw(st.booleans()) else breaks),
        quotas=tuple(draw(st.lists(st.sampled_from(QUOTAS), unique=True, max_size=3))),
        has_money=draw(st.booleans()),
        selects=draw(st.booleans()),
    )
    candidates = tuple(_said(draw, each) for each in plain.candidates)
    return replace(plain, scheme=scheme, candidates=candidates)


def _said(draw: st.DrawFn, candidate: Candidate) -> Candidate:
    numbers = [(name, Decimal(draw(st.sampled_from([0, 1, 3, 7])))) for name in "xy" if draw(st.booleans())]
    other = {"a": "b", "b": "a"}[candidate.line]
    facts = Facts(
        tuple(numbers), tuple(draw(st.lists(st.sampled_from("bp"), unique=True))), draw(st.sampled_from([0, 70, 71])),
        draw(st.sampled_from([0, 2])), draw(st.sampled_from([0, 1])), draw(st.sampled_from([0, 2])),
    )  # fmt: skip
    return replace(
        candidate, kind=draw(st.sampled_from("klm")), area=draw(st.sampled_from([None, "z"])), facts=facts,
        listed_in=draw(st.sampled_from([None, "one", "two"])), other_lines=draw(st.sampled_from([(), (other,)])),
    )  # fmt: skip
