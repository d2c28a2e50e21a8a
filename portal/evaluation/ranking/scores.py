"""Score sheets: every expected score once, none else, recused evaluators left out."""

from collections.abc import Iterable
from decimal import Decimal

from portal.evaluation.ranking.exact import must_be_units, units_of
from portal.evaluation.ranking.given import Candidate, RankingInput, Score
from portal.evaluation.ranking.refusals import (
    Cell,
    NobodyScored,
    PointsOutOfRange,
    ScoresMissing,
    ScoresTwice,
    ScoresUnexpected,
)

# One row of millionths a scored criterion, in the scheme's order; None where nothing was given.
Row = list[int | None]
Sheets = dict[str, dict[str, Row]]


class _UnitsByText(dict[str, int | None]):
    """Millionths of points by their text, each worked out once: a commission uses few different numbers."""

    def __missing__(self, text: str) -> int | None:
        self[text] = units_of(Decimal(text))
        return self[text]


def sheets_of(given: RankingInput) -> Sheets:
    """Lay the scores out by candidate and evaluator.

    Raises ScoresUnexpected, PointsOutOfRange or ScoresTwice.
    """
    scored = given.scheme.scored
    columns = {criterion.key: index for index, criterion in enumerate(scored)}
    sheets: Sheets = {candidate.id: {} for candidate in given.candidates}
    unknown = [_cell(s) for s in given.scores if s.candidate not in sheets or s.criterion not in columns]
    if unknown:
        raise ScoresUnexpected(_ordered(unknown))
    maxima = [must_be_units(criterion.highest_mark) for criterion in scored]
    steps = [frozenset(must_be_units(level.points) for level in criterion.levels) for criterion in scored]
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
        if units is None or units > maxima[column] or (steps[column] and units not in steps[column]):
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


def refuse_faults(given: RankingInput, sheets: Sheets, panels: dict[str, tuple[str, ...]]) -> None:
    """Refuse what keeps the marks of admissible candidates from being worked out; others are not looked at.

    Raises NobodyScored, ScoresUnexpected or ScoresMissing, naming all of them.
    """
    admissible = [candidate for candidate in given.candidates if candidate.admissible]
    empty = sorted(candidate.reference for candidate in admissible if not panels[candidate.id])
    if empty and given.scheme.scored:
        raise NobodyScored(tuple(empty))
    keys = tuple(criterion.key for criterion in given.scheme.scored)
    _refuse_strangers(given, sheets, panels, admissible)
    _refuse_gaps(keys, sheets, panels, admissible)


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


def _cell(score: Score) -> Cell:
    return Cell(score.candidate, score.evaluator, score.criterion)


def _ordered(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(set(cells)))
