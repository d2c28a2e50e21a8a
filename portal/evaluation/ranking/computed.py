"""Points that nobody gives: formulas, interpolation over a cohort, bonuses. Exact: whole numbers and fractions."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from portal.evaluation.ranking.given import Candidate
from portal.evaluation.ranking.scheme import Better, Criterion, Source
from portal.questionnaires.rules.formulas import MalformedFormula, compute, parse_formula

FINEST = 10**20
"""Formulas divide with 60 digits; the fraction behind them has a smaller denominator than this and is found again, so
that a third times three is one."""
NOTHING = Fraction(0)
Rule = Callable[[Candidate], Fraction]
"""The points of one criterion, by candidate."""


def formula_result(criterion: Criterion, numbers: Mapping[str, Decimal]) -> Decimal | None:
    """What a formula gives before it is held between 0 and the maximum; None where it cannot be computed."""
    try:
        return compute(parse_formula(criterion.formula or ""), lambda name: [numbers[name]] if name in numbers else [])
    except MalformedFormula:
        return None


def rule_of(criterion: Criterion, cohorts: Mapping[str, list[Candidate]]) -> Rule:
    """How a computed criterion gives points, a bonus in per cent apart; `cohorts` are the admissible by ranking."""
    most = Fraction(criterion.maximum)
    if criterion.source is Source.FORMULA:
        return lambda candidate: _held(formula_result(criterion, dict(candidate.facts.numbers)), most)
    if criterion.source is Source.INTERPOLATION:
        ways = {key: _way(ends_of(criterion, cohort), most) for key, cohort in cohorts.items()}
        return lambda candidate: ways[candidate.ranking](answer_of(criterion, candidate))
    return lambda candidate: most if criterion.key in candidate.facts.bonuses else NOTHING


def bonus_in_per_cent(criterion: Criterion, candidate: Candidate, others: Fraction) -> Fraction:
    """A share of the points that are no bonus, and the maximum at most."""
    if criterion.key not in candidate.facts.bonuses:
        return NOTHING
    return min(Fraction(criterion.maximum), others * Fraction(criterion.per_cent or 0) / 100)


Ends = tuple[Decimal, Decimal] | None
"""The worst and the best answer of a cohort; None where nobody answered."""


def ends_of(criterion: Criterion, cohort: Iterable[Candidate]) -> Ends:
    """From the worst to the best answer of those who gave one."""
    given = [value for each in cohort if (value := answer_of(criterion, each)) is not None]
    if not given:
        return None
    low, high = min(given), max(given)
    return (high, low) if criterion.better is Better.LOWER else (low, high)


def answer_of(criterion: Criterion, candidate: Candidate) -> Decimal | None:
    """The number that an interpolation compares."""
    return next((value for name, value in candidate.facts.numbers if name == criterion.tag), None)


def _way(ends: Ends, most: Fraction) -> Callable[[Decimal | None], Fraction]:
    """From 0 for the worst to `most` for the best; one alone, or all alike, get it all; no answer gets nothing."""
    if ends is None:
        return lambda value: NOTHING
    worst, best = (Fraction(end) for end in ends)
    if worst == best:
        return lambda value: NOTHING if value is None else most
    slope = most / (best - worst)

    def points(value: Decimal | None) -> Fraction:
        if value is None:
            return NOTHING
        above, below = value.as_integer_ratio()
        way = above * worst.denominator - worst.numerator * below
        return Fraction(way * slope.numerator, below * worst.denominator * slope.denominator)

    return points


def _held(result: Decimal | None, most: Fraction) -> Fraction:
    """A result between 0 and the maximum."""
    if result is None or result <= 0:
        return NOTHING
    if result >= most:
        return most
    return Fraction(result).limit_denominator(FINEST)
