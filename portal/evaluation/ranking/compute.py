"""One run of the ranking: sheets, means, thresholds, order, money (`domain.md` §1.5, `security.md` P14)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from portal.evaluation.ranking.allocation import Grant, grants_in_order
from portal.evaluation.ranking.exact import decimal_of_steps
from portal.evaluation.ranking.given import Candidate, RankingInput
from portal.evaluation.ranking.order import failed_thresholds, placed_in_order
from portal.evaluation.ranking.results import (
    CriterionMean,
    LineResult,
    Outcome,
    RankedResult,
    Ranking,
    Reason,
    ReasonCode,
)
from portal.evaluation.ranking.scheme import Line, Scheme
from portal.evaluation.ranking.scores import Marks, marks_of, sheets_of


def compute_ranking(given: RankingInput) -> Ranking:
    """Rank every budget line: the same input, in whatever order it comes, gives the same ranking.

    Each line has its own places. Within it come those with a place, then the not suitable by falling total,
    then the inadmissible by reference. Raises a SheetsFaulty or NobodyScored refusal, and computes nothing.
    """
    sheets = sheets_of(given)
    marks = marks_of(given, sheets)
    results: list[RankedResult] = []
    lines: list[LineResult] = []
    for line in sorted(given.lines, key=lambda line: line.key):
        scored = list(_line_results(given.scheme, line, marks))
        barred = [each for each in given.candidates if each.line == line.key and not each.admissible]
        barred.sort(key=lambda each: (each.reference, each.id))
        results += [*scored, *(_inadmissible(each) for each in barred)]
        lines.append(_line_result(line, scored))
    return Ranking(given, sheets, tuple(results), tuple(lines))


def _line_results(scheme: Scheme, line: Line, marks: Iterable[Marks]) -> Iterator[RankedResult]:
    suitable: list[Marks] = []
    failed: list[RankedResult] = []
    for each in (mark for mark in marks if mark.candidate.line == line.key):
        reasons = failed_thresholds(scheme, each)
        if reasons:
            failed.append(replace(_scored(scheme, each), reasons=reasons))
        else:
            suitable.append(each)
    for grant in grants_in_order(scheme, line.budget_cents, placed_in_order(scheme, suitable)):
        yield _granted(scheme, grant)
    yield from sorted(failed, key=lambda each: (-(each.total or 0), each.reference, each.candidate))


def _inadmissible(candidate: Candidate) -> RankedResult:
    return RankedResult(
        candidate=candidate.id,
        reference=candidate.reference,
        line=candidate.line,
        area=candidate.area,
        means=(),
        exact_sum=None,
        capped=False,
        total=None,
        position=None,
        separation=None,
        requested_cents=candidate.requested_cents,
        awarded_cents=0,
        cumulative_cents=0,
        outcome=Outcome.INADMISSIBLE,
        reasons=(Reason(ReasonCode.NOT_ADMITTED),),
    )


def _scored(scheme: Scheme, marks: Marks) -> RankedResult:
    """A result with its marks and no place yet: not suitable until an order says otherwise."""
    means = tuple(
        CriterionMean(key, marks.exact_mean(column), decimal_of_steps(marks.steps[column], scheme.decimals))
        for column, key in enumerate(scheme.keys)
    )
    return replace(
        _inadmissible(marks.candidate),
        means=means,
        exact_sum=marks.exact_sum,
        capped=marks.capped,
        total=decimal_of_steps(marks.total_steps, scheme.decimals),
        outcome=Outcome.NOT_SUITABLE,
    )


def _granted(scheme: Scheme, grant: Grant) -> RankedResult:
    return replace(
        _scored(scheme, grant.placed.marks),
        position=grant.placed.position,
        separation=grant.placed.separation,
        awarded_cents=grant.awarded_cents,
        cumulative_cents=grant.cumulative_cents,
        outcome=grant.outcome,
        reasons=grant.reasons,
    )


def _line_result(line: Line, results: Iterable[RankedResult]) -> LineResult:
    ranked = list(results)
    awarded = sum(result.awarded_cents for result in ranked)
    undecided = tuple(
        result.reference for result in ranked if any(r.code is ReasonCode.DRAW_NEEDED for r in result.reasons)
    )
    return LineResult(line.key, line.budget_cents, awarded, line.budget_cents - awarded, undecided)
