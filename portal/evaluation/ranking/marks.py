"""From sheets and answers to the exact points of each candidate, and to what is published of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from portal.evaluation.ranking.computed import NOTHING, Rule, bonus_in_per_cent, rule_of
from portal.evaluation.ranking.exact import UNIT, must_be_units, rounded_steps
from portal.evaluation.ranking.given import Candidate, RankingInput
from portal.evaluation.ranking.scheme import Criterion, Rounding, Scheme, Source
from portal.evaluation.ranking.scores import Row, Sheets, panels_of, refuse_faults


@dataclass(frozen=True, slots=True)
class Marks:
    """The points of one candidate: exact by criterion, their sum before any cap, and the published steps.

    `knocked_out` names each criterion with how many evaluators chose a level that rejects.
    """

    candidate: Candidate
    panel: tuple[str, ...]
    points: tuple[Fraction, ...]
    steps: tuple[int, ...]
    total: Fraction
    total_steps: int
    capped: bool
    knocked_out: tuple[tuple[str, int], ...] = ()


def marks_of(given: RankingInput, sheets: Sheets) -> list[Marks]:
    """The marks of every admissible candidate.

    Raises NobodyScored, ScoresUnexpected or ScoresMissing, naming all of them; the sheets of candidates that
    are not admissible are not looked at.
    """
    panels = panels_of(given)
    refuse_faults(given, sheets, panels)
    cohorts: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in given.candidates:
        if candidate.admissible:
            cohorts[candidate.ranking].append(candidate)
    marking = _Marking(given.scheme, cohorts)
    return [
        marking.marks(candidate, panels[candidate.id], sheets[candidate.id])
        for candidate in given.candidates
        if candidate.admissible
    ]


class _Marking:
    """The scheme, made ready for thousands of candidates."""

    def __init__(self, scheme: Scheme, cohorts: Mapping[str, list[Candidate]]) -> None:
        self.scheme = scheme
        self.columns = {criterion.key: column for column, criterion in enumerate(scheme.scored)}
        factors = [Fraction(each.maximum) / Fraction(each.highest_mark) / UNIT for each in scheme.scored]
        self.columns_by_factor: dict[Fraction, list[int]] = {}
        for column, factor in enumerate(factors):
            self.columns_by_factor.setdefault(factor, []).append(column)
        self.places = [
            (each.key, column, NOTHING if column is None else factors[column])
            for each in scheme.criteria
            for column in (self.columns.get(each.key),)
        ]
        self.shares = [each for each in scheme.criteria if each.per_cent is not None]
        self.rules: dict[str, Rule] = {
            each.key: rule_of(each, cohorts) for each in scheme.criteria if not each.is_scored
        }
        self.rejecting = [
            (each.key, column, frozenset(must_be_units(level.points) for level in each.levels if level.knock_out))
            for column, each in enumerate(scheme.scored)
        ]
        self.cap = None if scheme.cap is None else Fraction(scheme.cap)

    def marks(self, candidate: Candidate, panel: tuple[str, ...], rows: Mapping[str, Row]) -> Marks:
        """The points of one candidate; everything stays exact until each published value is rounded once."""
        counted = [rows[evaluator] for evaluator in panel] if self.columns else []
        sums = [sum(units for units in column if units is not None) for column in zip(*counted, strict=True)]
        computed = self._computed(candidate, sums, len(panel))
        points = self._points(sums, len(panel), computed)
        total = self._total(sums, len(panel), computed)
        published = total if self.cap is None else min(total, self.cap)
        return Marks(
            candidate=candidate,
            panel=panel,
            points=points,
            steps=tuple(published_steps(self.scheme, each) for each in points),
            total=total,
            total_steps=published_steps(self.scheme, published),
            capped=published < total,
            knocked_out=tuple(self._knocked_out(counted)),
        )

    def _computed(self, candidate: Candidate, sums: list[int], seats: int) -> dict[str, Fraction]:
        """The points that nobody gives; bonuses in per cent last, as they stand on the others that are no bonus."""
        found = {key: rule(candidate) for key, rule in self.rules.items()}
        if self.shares:
            others = {each.key: found[each.key] for each in self.scheme.criteria if _counts_for_a_share(each)}
            whole = self._total(sums, seats, others)
            found |= {each.key: bonus_in_per_cent(each, candidate, whole) for each in self.shares}
        return found

    def _points(self, sums: list[int], seats: int, computed: Mapping[str, Fraction]) -> tuple[Fraction, ...]:
        """By criterion: means over the panel, turned from marks into points, and what is computed."""
        return tuple(
            computed[key] if column is None else Fraction(sums[column] * factor.numerator, seats * factor.denominator)
            for key, column, factor in self.places
        )

    def _total(self, sums: list[int], seats: int, computed: Mapping[str, Fraction]) -> Fraction:
        """Everything together: the sums of equal factors first, which are whole numbers."""
        whole = sum(computed.values(), NOTHING)
        for factor, columns in self.columns_by_factor.items():
            given = sum(sums[column] for column in columns)
            whole += Fraction(given * factor.numerator, seats * factor.denominator)
        return whole

    def _knocked_out(self, counted: list[Row]) -> list[tuple[str, int]]:
        return [
            (key, times)
            for key, column, levels in self.rejecting
            if levels and (times := sum(row[column] in levels for row in counted))
        ]


def _counts_for_a_share(criterion: Criterion) -> bool:
    return not criterion.is_scored and criterion.source is not Source.BONUS


def published_steps(scheme: Scheme, points: Fraction) -> int:
    """The value as published: rounded once, as the call declares, in steps of its last decimal."""
    half_even = scheme.rounding is Rounding.HALF_EVEN
    return rounded_steps(points.numerator, points.denominator, scheme.decimals, half_even=half_even)
