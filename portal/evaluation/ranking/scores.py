"""Score sheets: every expected score once, none else, recused evaluators left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from portal.evaluation.ranking.exact import must_be_units, units_of
from portal.evaluation.ranking.given import Candidate, RankingInput
from portal.evaluation.ranking.refusals import (
    Cell,
    NobodyScored,
    PointsOutOfRange,
    ScoresMissing,
    ScoresTwice,
    ScoresUnexpected,
)
from portal.evaluation.ranking.scheme import Criterion

# One row of millionths a scored criterion, in the scheme's order; None where nothing was given.
Row = list[int | None]
Sheets = dict[str, dict[str, Row]]
Marks = dict[str, int]
"""Millionths by criterion."""
OUTSIDE = -1
"""What stands for points that the criterion does not allow."""


class _Units(dict[Decimal | None, int | None]):
    """Millionths by points under one criterion, each worked out once: a commission uses few different numbers."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__({None: None})
        self._most = must_be_units(criterion.highest_mark)
        self._steps = frozenset(must_be_units(level.points) for level in criterion.levels)

    def __missing__(self, points: Decimal) -> int:
        self[points] = found = self.of(points)
        return found

    def of(self, points: Decimal) -> int:
        """Millionths, or OUTSIDE; also of what is no number."""
        units = units_of(points)
        wrong = units is None or units > self._most or (bool(self._steps) and units not in self._steps)
        return OUTSIDE if units is None or wrong else units


def sheets_of(given: RankingInput) -> Sheets:
    """Lay the scores out by candidate and evaluator.

    Raises ScoresUnexpected, PointsOutOfRange or ScoresTwice.
    """
    units = {criterion.key: _Units(criterion) for criterion in given.scheme.scored}
    columns, tables = {key: index for index, key in enumerate(units)}, list(units.values())
    sheets: Sheets = {candidate.id: {} for candidate in given.candidates}
    refuse_unknown(given, sheets.keys(), units.keys())
    twice: list[Cell] = []
    for candidate, evaluator, points in given.sheets:
        if evaluator in sheets[candidate]:
            twice += [Cell(candidate, evaluator, key) for key in columns]
        sheets[candidate][evaluator] = [table[each] for table, each in zip(tables, points, strict=True)]
    for score in given.scores:
        row = sheets[score.candidate].setdefault(score.evaluator, [None] * len(units))
        if row[columns[score.criterion]] is not None:
            twice.append(Cell(score.candidate, score.evaluator, score.criterion))
        row[columns[score.criterion]] = units[score.criterion].of(score.points)
    _refuse_outside(sheets, tuple(units))
    if twice:
        raise ScoresTwice(_ordered(twice))
    return sheets


def refuse_unknown(given: RankingInput, candidates: Iterable[str], criteria: Iterable[str]) -> None:
    """Refuse points of candidates or criteria that are not there."""
    known, keys = frozenset(candidates), frozenset(criteria)
    unknown = [
        Cell(each.candidate, each.evaluator, each.criterion)
        for each in given.scores
        if each.candidate not in known or each.criterion not in keys
    ]
    strangers = [sheet for sheet in given.sheets if sheet.candidate not in known]
    unknown += [Cell(sheet.candidate, sheet.evaluator, key) for sheet in strangers for key in keys]
    if unknown:
        raise ScoresUnexpected(_ordered(unknown))


def _refuse_outside(sheets: Sheets, keys: tuple[str, ...]) -> None:
    outside = [
        Cell(candidate, evaluator, key)
        for candidate, rows in sheets.items()
        for evaluator, row in rows.items()
        if OUTSIDE in row
        for key, units in zip(keys, row, strict=True)
        if units == OUTSIDE
    ]
    if outside:
        raise PointsOutOfRange(_ordered(outside))


def agreed_of(given: RankingInput) -> dict[str, Marks]:
    """The agreed marks by candidate, checked as any other. Raises the same refusals."""
    units = {criterion.key: _Units(criterion) for criterion in given.scheme.scored}
    known = frozenset(candidate.id for candidate in given.candidates)
    found: defaultdict[str, Marks] = defaultdict(dict)
    for candidate, key, points in given.agreed:
        cell = Cell(candidate, "", key)
        if candidate not in known or key not in units:
            raise ScoresUnexpected((cell,))
        if units[key].of(points) == OUTSIDE:
            raise PointsOutOfRange((cell,))
        if key in found[candidate]:
            raise ScoresTwice((cell,))
        found[candidate][key] = units[key].of(points)
    return dict(found)


def panels_of(given: RankingInput) -> dict[str, tuple[str, ...]]:
    """Whose scores count for each candidate: those assigned, less those recused from that candidate."""
    recused = {(tie.candidate, tie.evaluator) for tie in given.recusals}
    seats: dict[str, set[str]] = {candidate.id: set() for candidate in given.candidates}
    for tie in given.assignments:
        if (tie.candidate, tie.evaluator) not in recused:
            seats[tie.candidate].add(tie.evaluator)
    return {candidate: tuple(sorted(panel)) for candidate, panel in seats.items()}


def refuse_faults(
    given: RankingInput, sheets: Sheets, panels: dict[str, tuple[str, ...]], agreed: Mapping[str, Marks]
) -> None:
    """Refuse what keeps the marks of admissible candidates from being worked out; others are not looked at.

    Raises NobodyScored, ScoresUnexpected or ScoresMissing, naming all of them.
    """
    admissible = [candidate for candidate in given.candidates if candidate.admissible]
    empty = sorted(candidate.reference for candidate in admissible if not panels[candidate.id])
    if empty and given.scheme.scored:
        raise NobodyScored(tuple(empty))
    keys = tuple(criterion.key for criterion in given.scheme.scored)
    _refuse_strangers(given, sheets, panels, admissible)
    gaps: list[Cell] = []
    for candidate in admissible:
        settled = agreed.get(candidate.id, {})
        gaps += _gaps(keys, sheets[candidate.id], candidate.id, panels[candidate.id], settled)
    if gaps:
        raise ScoresMissing(_ordered(gaps))


def _refuse_strangers(
    given: RankingInput, sheets: Sheets, panels: dict[str, tuple[str, ...]], admissible: list[Candidate]
) -> None:
    """Only evaluators of the panel, or recused from it, may have a sheet."""
    recused = {(tie.candidate, tie.evaluator) for tie in given.recusals}
    keys = tuple(criterion.key for criterion in given.scheme.scored)
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


def _gaps(
    keys: tuple[str, ...], rows: Mapping[str, Row], candidate: str, panel: tuple[str, ...], settled: Marks
) -> list[Cell]:
    """The scores that are missing and not made up for by an agreed mark."""
    gaps: list[Cell] = []
    for evaluator in panel:
        row = rows.get(evaluator)
        if row is None or None in row:
            given = row or [None] * len(keys)
            missing = [key for key, units in zip(keys, given, strict=True) if units is None and key not in settled]
            gaps += [Cell(candidate, evaluator, key) for key in missing]
    return gaps


def _ordered(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(set(cells)))
