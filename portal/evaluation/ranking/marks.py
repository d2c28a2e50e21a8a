"""From sheets and answers to the exact points of each candidate, and to what is published of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from portal.evaluation.ranking.computed import Rule, bonus_in_per_cent, rule_of
from portal.evaluation.ranking.exact import UNIT, added, decimal_of_steps, must_be_units, rounded_steps
from portal.evaluation.ranking.given import Candidate, RankingInput
from portal.evaluation.ranking.results import CriterionMean
from portal.evaluation.ranking.scheme import Criterion, Rounding, Scheme, Source
from portal.evaluation.ranking.scores import Marks as Units
from portal.evaluation.ranking.scores import Row, Sheets, agreed_of, panels_of, refuse_faults

Published = tuple[CriterionMean, int]
"""The mean of a criterion, and the same in published steps."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The points of one candidate: by criterion, their sum before any cap, and the published steps.

    `knocked_out` names each criterion with how many evaluators chose a level that rejects.
    """

    candidate: Candidate
    panel: tuple[str, ...]
    means: tuple[CriterionMean, ...]
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
    panels, agreed = panels_of(given), agreed_of(given)
    refuse_faults(given, sheets, panels, agreed)
    cohorts: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in given.candidates:
        if candidate.admissible:
            cohorts[candidate.ranking].append(candidate)
    marking = _Marking(given.scheme, cohorts)
    return [
        marking.marks(candidate, panels[candidate.id], sheets[candidate.id], agreed.get(candidate.id, {}))
        for candidate in given.candidates
        if candidate.admissible
    ]


class _Means(dict[tuple[int, int], Published]):
    """The mean of one scored criterion by the sum of its marks and how many they are: each worked out once."""

    def __init__(self, scheme: Scheme, key: str, factor: Fraction) -> None:
        super().__init__()
        self.scheme, self.key, self.factor = scheme, key, factor

    def __missing__(self, summed: tuple[int, int]) -> Published:
        units, seats = summed
        exact = Fraction(units * self.factor.numerator, seats * self.factor.denominator)
        self[summed] = published_mean(self.scheme, self.key, exact)
        return self[summed]


class _PublishedMeans(dict[tuple[str, int, int], Published]):
    """The points of one computed criterion, by its key and the fraction: each worked out once."""

    def __init__(self, scheme: Scheme) -> None:
        super().__init__()
        self.scheme = scheme

    def __missing__(self, asked: tuple[str, int, int]) -> Published:
        key, above, below = asked
        self[asked] = published_mean(self.scheme, key, Fraction(above, below))
        return self[asked]


class _Marking:
    """The scheme, made ready for thousands of candidates."""

    def __init__(self, scheme: Scheme, cohorts: Mapping[str, list[Candidate]]) -> None:
        self.scheme = scheme
        self.columns = {criterion.key: column for column, criterion in enumerate(scheme.scored)}
        factors = [Fraction(each.maximum) / Fraction(each.highest_mark) / UNIT for each in scheme.scored]
        self.columns_by_factor: dict[Fraction, list[int]] = {}
        for column, factor in enumerate(factors):
            self.columns_by_factor.setdefault(factor, []).append(column)
        self.means = [_Means(scheme, key, factors[column]) for key, column in self.columns.items()]
        self.published = _PublishedMeans(scheme)
        self.places = [(each.key, self.columns.get(each.key)) for each in scheme.criteria]
        self.shares = [each for each in scheme.criteria if each.per_cent is not None]
        self.rules: dict[str, Rule] = {
            each.key: rule_of(each, cohorts) for each in scheme.criteria if not each.is_scored
        }
        rejecting = [
            (each.key, column, frozenset(must_be_units(level.points) for level in each.levels if level.knock_out))
            for column, each in enumerate(scheme.scored)
        ]
        self.rejecting = [each for each in rejecting if each[2]]
        self.cap = None if scheme.cap is None else Fraction(scheme.cap)

    def marks(self, candidate: Candidate, panel: tuple[str, ...], rows: Mapping[str, Row], agreed: Units) -> Marks:
        """The points of one candidate; everything stays exact until each published value is rounded once."""
        counted = [rows[evaluator] for evaluator in panel] if self.columns and not agreed else []
        counted = self._with_agreed(panel, rows, agreed) if agreed else counted
        sums: list[int] = [sum(column) for column in zip(*counted, strict=True)]
        seats = len(panel)
        computed = self._computed(candidate, sums, seats)
        cells = [
            self.means[column][sums[column], seats] if column is not None
            else self.published[key, *computed[key].as_integer_ratio()]
            for key, column in self.places
        ]  # fmt: skip
        total = self._total(sums, seats, computed)
        published = total if self.cap is None else min(total, self.cap)
        return Marks(
            candidate=candidate,
            panel=panel,
            means=tuple(mean for mean, _steps in cells),
            steps=tuple(steps for _mean, steps in cells),
            total=total,
            total_steps=published_steps(self.scheme, published),
            capped=published < total,
            knocked_out=tuple(self._knocked_out(counted)) if self.rejecting else (),
        )

    def _with_agreed(self, panel: tuple[str, ...], rows: Mapping[str, Row], agreed: Units) -> list[Row]:
        """The rows as if each had given the mark that was agreed: its mean is that mark, exactly."""
        blank: Row = [None] * len(self.columns)
        return [
            [agreed.get(key, units) for key, units in zip(self.columns, rows.get(each, blank), strict=True)]
            for each in panel
        ]

    def _computed(self, candidate: Candidate, sums: list[int], seats: int) -> dict[str, Fraction]:
        """The points that nobody gives; bonuses in per cent last, as they stand on the others that are no bonus."""
        found = {key: rule(candidate) for key, rule in self.rules.items()}
        if self.shares:
            others = {each.key: found[each.key] for each in self.scheme.criteria if _counts_for_a_share(each)}
            whole = self._total(sums, seats, others)
            found |= {each.key: bonus_in_per_cent(each, candidate, whole) for each in self.shares}
        return found

    def _total(self, sums: list[int], seats: int, computed: Mapping[str, Fraction]) -> Fraction:
        """Everything together: the sums of equal factors first, which are whole numbers."""
        parts = [(each.numerator, each.denominator) for each in computed.values()]
        for factor, columns in self.columns_by_factor.items():
            given = sum([sums[column] for column in columns])
            parts.append((given * factor.numerator, seats * factor.denominator))
        return added(parts)

    def _knocked_out(self, counted: list[Row]) -> list[tuple[str, int]]:
        return [
            (key, times)
            for key, column, levels in self.rejecting
            if (times := sum(row[column] in levels for row in counted))
        ]


def _counts_for_a_share(criterion: Criterion) -> bool:
    return not criterion.is_scored and criterion.source is not Source.BONUS


def published_mean(scheme: Scheme, key: str, points: Fraction) -> Published:
    """The points of one criterion: exact, in words that can be stored, and rounded once."""
    steps = published_steps(scheme, points)
    return CriterionMean(key, str(points), decimal_of_steps(steps, scheme.decimals)), steps


def published_steps(scheme: Scheme, points: Fraction) -> int:
    """The value as published: rounded once, as the call declares, in steps of its last decimal."""
    half_even = scheme.rounding is Rounding.HALF_EVEN
    return rounded_steps(points.numerator, points.denominator, scheme.decimals, half_even=half_even)
