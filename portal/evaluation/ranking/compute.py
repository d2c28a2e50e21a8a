"""One run of the ranking: sheets, means, thresholds, order, money (`domain.md` §1.5, `security.md` P14)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal.evaluation.ranking.allocation import Grant, Pots, grants_in_order
from portal.evaluation.ranking.exact import decimal_of_steps
from portal.evaluation.ranking.given import Candidate, RankingInput
from portal.evaluation.ranking.marks import Marks, marks_of
from portal.evaluation.ranking.order import failed_thresholds, placed_in_order
from portal.evaluation.ranking.results import (
    CriterionMean,
    LineResult,
    Outcome,
    QuotaResult,
    RankedResult,
    Ranking,
    Reason,
    ReasonCode,
)
from portal.evaluation.ranking.scheme import Scheme
from portal.evaluation.ranking.scores import sheets_of


def compute_ranking(given: RankingInput) -> Ranking:
    """Rank every list: the same input, in whatever order it comes, gives the same ranking.

    Each list has its own places. Within it come those with a place, then the not suitable by falling total,
    then the inadmissible by reference. Raises a SheetsFaulty or NobodyScored refusal, and computes nothing.
    """
    sheets = sheets_of(given)
    suitable, failed = _judged(given.scheme, marks_of(given, sheets))
    drawn = {frozenset(draw.references): draw for draw in given.draws}
    placed = {key: placed_in_order(given.scheme, some, drawn) for key, some in suitable.items()}
    pots = Pots(given)
    grants = {
        grant.placed.marks.candidate.id: grant
        for grant in grants_in_order(pots, (each for some in placed.values() for each in some))
    }
    barred = [each for each in given.candidates if not each.admissible]
    results: list[RankedResult] = []
    for key in sorted({*suitable, *failed, *(each.ranking for each in barred)}):
        results += [_granted(given.scheme, grants[each.marks.candidate.id]) for each in placed.get(key, ())]
        results += sorted(failed.get(key, ()), key=lambda each: (-(each.total or 0), each.reference, each.candidate))
        here = [each for each in barred if each.ranking == key]
        results += [_inadmissible(each) for each in sorted(here, key=lambda each: (each.reference, each.id))]
    quotas = tuple(QuotaResult(quota, pots.taken[quota]) for quota in given.scheme.quotas)
    return Ranking(given, sheets, tuple(results), _line_results(given, pots, results), quotas)


def _judged(scheme: Scheme, marks: Iterable[Marks]) -> tuple[dict[str, list[Marks]], dict[str, list[RankedResult]]]:
    """The suitable and the others, each by ranking."""
    suitable: dict[str, list[Marks]] = {}
    failed: dict[str, list[RankedResult]] = {}
    for each in marks:
        key = each.candidate.ranking
        reasons = failed_thresholds(scheme, each)
        if reasons:
            failed.setdefault(key, []).append(replace(_scored(scheme, each), reasons=reasons))
        else:
            suitable.setdefault(key, []).append(each)
    return suitable, failed


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
        ranking=candidate.ranking,
    )


def _scored(scheme: Scheme, marks: Marks) -> RankedResult:
    """A result with its marks and no place yet: not suitable until an order says otherwise."""
    means = tuple(
        CriterionMean(key, str(marks.points[column]), decimal_of_steps(marks.steps[column], scheme.decimals))
        for column, key in enumerate(scheme.keys)
    )
    return replace(
        _inadmissible(marks.candidate),
        means=means,
        exact_sum=str(marks.total),
        capped=marks.capped,
        total=decimal_of_steps(marks.total_steps, scheme.decimals),
        outcome=Outcome.NOT_SUITABLE,
    )


def _granted(scheme: Scheme, grant: Grant) -> RankedResult:
    return replace(
        _scored(scheme, grant.placed.marks),
        line=grant.line,
        position=grant.placed.position,
        separation=grant.placed.separation,
        awarded_cents=grant.awarded_cents,
        cumulative_cents=grant.cumulative_cents,
        outcome=grant.outcome,
        reasons=grant.reasons,
    )


def _line_results(given: RankingInput, pots: Pots, results: Sequence[RankedResult]) -> tuple[LineResult, ...]:
    undecided: defaultdict[str, list[str]] = defaultdict(list)
    for result in results:
        if result.is_undecided:
            undecided[result.line].append(result.reference)
    return tuple(
        LineResult(
            line.key, line.budget_cents, pots.spent[line.key], pots.left_of(line.key), tuple(undecided[line.key])
        )
        for line in sorted(given.lines, key=lambda line: line.key)
    )
