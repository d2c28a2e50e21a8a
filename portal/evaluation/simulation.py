"""What a ranking would be with another budget or another minimum: worked out, shown, never stored. Pure."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.evaluation.points import HUNDRED
from portal.evaluation.ranking import WON, Outcome, Ranking, RankingInput, compute_ranking


@dataclass(frozen=True, slots=True)
class CutOff:
    """Where the line falls: winners, who stays behind, who is not suitable; the last winning total; money left."""

    won: int
    behind: int
    not_suitable: int
    last_hundredths: int | None
    budget_cents: int
    left_cents: int


class NothingToSimulate(Conflict):
    """Nobody is under evaluation."""

    default = lazy_("Nothing is under evaluation in this phase: there is nothing to simulate.")


def must_rank_somebody(given: RankingInput) -> None:
    """Refuse where no application is under evaluation: before anybody is admitted, and after the final ranking."""
    if not any(each.admissible for each in given.candidates):
        raise NothingToSimulate


def cut_off(given: RankingInput, *, minimum_total: Decimal | None = None, extra_cents: int = 0) -> CutOff:
    """The line under the rules of the call, with another minimum total, or with more (or less) money on every line.

    Raises whatever computing a ranking does: SheetsFaulty where scores are missing.
    """
    scheme = given.scheme if minimum_total is None else replace(given.scheme, minimum_total=minimum_total)
    lines = tuple(replace(each, budget_cents=max(0, each.budget_cents + extra_cents)) for each in given.lines)
    return _read(compute_ranking(replace(given, scheme=scheme, lines=lines)))


def _read(run: Ranking) -> CutOff:
    counts = Counter(each.outcome for each in run.results)
    totals = [each.total for each in run.results if each.outcome in WON and each.total is not None]
    return CutOff(
        won=sum(counts[each] for each in WON),
        behind=counts[Outcome.SUITABLE_NOT_FUNDED],
        not_suitable=counts[Outcome.NOT_SUITABLE],
        last_hundredths=int(min(totals) * HUNDRED) if totals else None,
        budget_cents=sum(each.budget_cents for each in run.given.lines),
        left_cents=sum(each.left_cents for each in run.lines),
    )
