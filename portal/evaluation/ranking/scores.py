"""From score sheets to exact means: every expected score once, none else, recused evaluators left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.evaluation.ranking.exact import (
    UNIT,
    fraction_text,
    must_be_units,
    rounded_steps,
    units_of,
)
from portal.evaluation.ranking.given import Candidate, RankingInput, Score
from portal.evaluation.ranking.refusals import (
    Cell,
    NobodyScored,
    PointsOutOfRange,
    ScoresMissing,
    ScoresTwice,
    ScoresUnexpected,
)
from portal.evaluation.ranking.scheme import Rounding, Scheme

# One row of millionths a criterion, in the scheme's order; None where nothing was given.
Row = list[int | None]
Sheets = dict[str, dict[str, Row]]


@dataclass(frozen=True, slots=True)
class Marks:
    """The means of one candidate: sums over its panel in millionths, and the published steps."""

    candidate: Candidate
    panel: tuple[str, ...]
    sums: tuple[int, ...]
    steps: tuple[int, ...]
    total_steps: int
    capped: bool

    def exact_mean(self, column: int) -> str:
        """The mean of one criterion as a reduced fraction of points."""
        return fraction_text(self.sums[column], len(self.panel) * UNIT)

    @property
    def exact_sum(self) -> str:
        """The sum of the means before any cap, as a reduced fraction of points."""
        return fraction_text(sum(self.sums), len(self.panel) * UNIT)


class _UnitsByText(dict[str, int | None]):
    """Millionths of points by their text, each worked out once: a commission uses few different numbers."""

    def __missing__(self, text: str) -> int | None:
        self[text] = units_of(Decimal(text))
        return self[text]


def sheets_of(given: RankingInput) -> Sheets:
    """Lay the scores out by candidate and evaluator.

    Raises ScoresUnexpected, PointsOutOfRange or ScoresTwice.
    """
    columns = {key: index for index, key in enumerate(given.scheme.keys)}
    sheets: Sheets = {candidate.id: {} for candidate in given.candidates}
    unknown = [_cell(s) for s in given.scores if s.candidate not in sheets or s.criterion not in columns]
    if unknown:
        raise ScoresUnexpected(_ordered(unknown))
    maxima = [must_be_units(criterion.maximum) for criterion in given.scheme.criteria]
    units_by_text = _UnitsByText()
    outside: list[Cell] = []
    twice: list[Cell] = []
    for score in given.scores:
        rows = sheets[score.candidate]
        row = rows.get(score.evaluator)
        if row is None:
            row = rows[score.evaluator] = [None] * len(maxima)
        column = columns[score.criterion]
        units = units_by_text[str(score.points)]
        if units is None or units > maxima[column]:
            outside.append(_cell(score))
        elif row[column] is not None:
            twice.append(_cell(score))
        row[column] = units
    if outside:
        raise PointsOutOfRange(_ordered(outside))
    if twice:
        raise ScoresTwice(_ordered(twice))
    return sheets


def panels_of(given: RankingInput) -> dict[str, tuple[str, ...]]:
    """Whose scores count for each candidate: those assigned, less those recused from that candidate."""
    recused = {(tie.candidate, tie.evaluator) for tie in given.recusals}
    seats: dict[str, set[str]] = {candidate.id: set() for candidate in given.candidates}
    for tie in given.assignments:
        if (tie.candidate, tie.evaluator) not in recused:
            seats[tie.candidate].add(tie.evaluator)
    return {candidate: tuple(sorted(panel)) for candidate, panel in seats.items()}


def marks_of(given: RankingInput, sheets: Sheets) -> list[Marks]:
    """The means of every admissible candidate.

    Raises NobodyScored, ScoresUnexpected or ScoresMissing, naming all of them; the sheets of candidates that
    are not admissible are not looked at.
    """
    panels = panels_of(given)
    admissible = [candidate for candidate in given.candidates if candidate.admissible]
    empty = sorted(candidate.reference for candidate in admissible if not panels[candidate.id])
    if empty:
        raise NobodyScored(tuple(empty))
    _refuse_strangers(given, sheets, panels, admissible)
    _refuse_gaps(given.scheme.keys, sheets, panels, admissible)
    return [_marks(given.scheme, candidate, panels[candidate.id], sheets[candidate.id]) for candidate in admissible]


def _refuse_strangers(
    given: RankingInput, sheets: Sheets, panels: dict[str, tuple[str, ...]], admissible: list[Candidate]
) -> None:
    """Only evaluators of the panel, or recused from it, may have a sheet."""
    recused = {(tie.candidate, tie.evaluator) for tie in given.recusals}
    keys = given.scheme.keys
    strangers = [
        Cell(candidate.id, evaluator, key)
        for candidate in admissible
        for evaluator, row in sheets[candidate.id].items()
        if evaluator not in panels[candidate.id] and (candidate.id, evaluator) not in recused
        for key, units in zip(keys, row, strict=True)
        if units is not None
    ]
    if strangers:
        raise ScoresUnexpected(_ordered(strangers))


def _refuse_gaps(
    keys: tuple[str, ...], sheets: Sheets, panels: dict[str, tuple[str, ...]], admissible: list[Candidate]
) -> None:
    blank: Row = [None] * len(keys)
    gaps: list[Cell] = []
    for candidate in admissible:
        for evaluator in panels[candidate.id]:
            row = sheets[candidate.id].get(evaluator, blank)
            if None in row:
                gaps.extend(
                    Cell(candidate.id, evaluator, key) for key, units in zip(keys, row, strict=True) if units is None
                )
    if gaps:
        raise ScoresMissing(_ordered(gaps))


def _marks(scheme: Scheme, candidate: Candidate, panel: tuple[str, ...], rows: dict[str, Row]) -> Marks:
    """Means over the panel; everything stays exact until each published value is rounded once."""
    columns = zip(*(rows[evaluator] for evaluator in panel), strict=True)
    sums = tuple(sum(units for units in column if units is not None) for column in columns)
    denominator = len(panel) * UNIT
    total = sum(sums)
    ceiling = total if scheme.cap is None else must_be_units(scheme.cap) * len(panel)
    return Marks(
        candidate=candidate,
        panel=panel,
        sums=sums,
        steps=tuple(published_steps(scheme, each, denominator) for each in sums),
        total_steps=published_steps(scheme, min(total, ceiling), denominator),
        capped=total > ceiling,
    )


def published_steps(scheme: Scheme, numerator: int, denominator: int) -> int:
    """The value as published: rounded once, as the call declares, in steps of its last decimal."""
    half_even = scheme.rounding is Rounding.HALF_EVEN
    return rounded_steps(numerator, denominator, scheme.decimals, half_even=half_even)


def _cell(score: Score) -> Cell:
    return Cell(score.candidate, score.evaluator, score.criterion)


def _ordered(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(set(cells)))
