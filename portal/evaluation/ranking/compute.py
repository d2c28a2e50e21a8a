"""One run of the ranking: sheets, means, thresholds, order, money (`domain.md` §1.5, `security.md` P14)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from portal.evaluation.ranking.allocation import Grant, Pots, grants_in_order
from portal.evaluation.ranking.exact import decimal_of_steps
from portal.evaluation.ranking.given import Candidate, RankingInput
from portal.evaluation.ranking.marks import Marks, marks_of
from portal.evaluation.ranking.order import failed_thresholds, limits_of, placed_in_order
from portal.evaluation.ranking.results import (
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

NOT_ADMITTED = (Reason(ReasonCode.NOT_ADMITTED),)


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
        here.sort(key=lambda each: (each.reference, each.id))
        results += [_result(given.scheme, each, reasons=NOT_ADMITTED) for each in here]
    quotas = tuple(QuotaResult(quota, pots.taken[quota]) for quota in given.scheme.quotas)
    return Ranking(given, sheets, tuple(results), _line_results(given, pots, results), quotas)


def _granted(scheme: Scheme, grant: Grant) -> RankedResult:
    return _result(scheme, grant.placed.marks.candidate, grant.placed.marks, grant)


def _judged(scheme: Scheme, marks: Iterable[Marks]) -> tuple[dict[str, list[Marks]], dict[str, list[RankedResult]]]:
    """The suitable and the others, each by ranking."""
    suitable: dict[str, list[Marks]] = {}
    failed: dict[str, list[RankedResult]] = {}
    limits = limits_of(scheme)
    for each in marks:
        key = each.candidate.ranking
        reasons = failed_thresholds(scheme, limits, each)
        if reasons:
            failed.setdefault(key, []).append(_result(scheme, each.candidate, each, reasons=reasons))
        else:
            suitable.setdefault(key, []).append(each)
    return suitable, failed


def _result(
    scheme: Scheme,
    candidate: Candidate,
    marks: Marks | None = None,
    grant: Grant | None = None,
    reasons: tuple[Reason, ...] = (),
) -> RankedResult:
    """Inadmissible without marks, not suitable without a grant."""
    decided = Outcome.INADMISSIBLE if marks is None else Outcome.NOT_SUITABLE
    return RankedResult(
        candidate=candidate.id,
        reference=candidate.reference,
        line=grant.line if grant else candidate.line,
        area=candidate.area,
        means=marks.means if marks else (),
        exact_sum=str(marks.total) if marks else None,
        capped=marks.capped if marks else False,
        total=decimal_of_steps(marks.total_steps, scheme.decimals) if marks else None,
        position=grant.placed.position if grant else None,
        separation=grant.placed.separation if grant else None,
        requested_cents=candidate.requested_cents,
        awarded_cents=grant.awarded_cents if grant else 0,
        cumulative_cents=grant.cumulative_cents if grant else 0,
        outcome=grant.outcome if grant else decided,
        reasons=grant.reasons if grant else reasons,
        ranking=candidate.ranking,
        reserved=candidate.reserved,
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
