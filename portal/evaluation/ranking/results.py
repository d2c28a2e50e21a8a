"""What a ranking says of each application: its means, its place, what decided it, its money, the reasons."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.core.errors import NotFound
from portal.evaluation.ranking.given import RankingInput
from portal.evaluation.ranking.scheme import Quota
from portal.evaluation.ranking.scores import Sheets

TOTAL = "total"
JOINT = "joint"
MISSING = "–"


class Outcome(StrEnum):
    """The published lists of `domain.md` §1.5."""

    FUNDED = "funded"
    FUNDED_PARTIALLY = "funded_partially"
    SELECTED = "selected"
    SUITABLE_NOT_FUNDED = "suitable_not_funded"
    NOT_SUITABLE = "not_suitable"
    INADMISSIBLE = "inadmissible"
    LEFT = "left"  # won once, then renounced, or lost it by an act


WON = frozenset({Outcome.FUNDED, Outcome.FUNDED_PARTIALLY, Outcome.SELECTED})
"""The outcomes of winners."""


class ReasonCode(StrEnum):
    """Why an outcome is what it is; the facts of each reason hold its numbers."""

    NOT_ADMITTED = "not_admitted"
    KNOCKED_OUT = "knocked_out"  # criterion, count: so many evaluators chose a level that rejects
    BELOW_CRITERION_MINIMUM = "below_criterion_minimum"  # criterion, points, minimum
    BELOW_TOTAL_MINIMUM = "below_total_minimum"  # points, minimum
    REMAINDER_GRANTED = "remainder_granted"  # left_cents, requested_cents, least_cents
    REMAINDER_TOO_SMALL = "remainder_too_small"  # left_cents, requested_cents, least_cents
    BUDGET_TOO_SMALL = "budget_too_small"  # left_cents, requested_cents
    LINE_CLOSED = "line_closed"  # left_cents: the edge was met further up
    DRAW_NEEDED = "draw_needed"  # left_cents, requested_cents, count
    NO_PLACE_LEFT = "no_place_left"  # places: all of them are taken
    NO_PLACE_FORESEEN = "no_place_foreseen"  # the call allots places, none of them to applications like this one
    DRAW_FOR_PLACES = "draw_for_places"  # left, count
    KEPT = "kept"  # awarded_cents: it keeps what the version before gave
    LEFT_RANKING = "left_ranking"
    DRAW_ABOVE = "draw_above"  # between applications further up, for the same places


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as data; `facts` are pairs of name and number or text."""

    code: ReasonCode
    facts: tuple[tuple[str, str | int], ...] = ()

    def fact(self, name: str) -> str | int:
        return dict(self.facts)[name]


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """The mean of one criterion: exact as a reduced fraction, and as published."""

    criterion: str
    exact: str
    published: Decimal


@dataclass(frozen=True, slots=True)
class Separation:
    """What put an application behind the one just above it in the same ranking.

    `by` is TOTAL, the name of a tie-break (TieBreak.name), or JOINT when the chain is exhausted and both
    share a place. `own` and `theirs` are what was compared: published points, cents, basis points, order, days of
    age (a fraction), share of women (a fraction), the number drawn; MISSING where there is nothing to compare.
    """

    neighbour: str
    by: str
    own: str
    theirs: str


@dataclass(frozen=True, slots=True)
class RankedResult:
    """One application's result; the totals are None without marks, the position without a place.

    `line` is the budget line that pays it, or would; `ranking` the list it stands in; `reserved` whether its admission
    still hangs on a condition.
    """

    candidate: str
    reference: str
    line: str
    area: str | None
    means: tuple[CriterionMean, ...]
    exact_sum: str | None
    capped: bool
    total: Decimal | None
    position: int | None
    separation: Separation | None
    requested_cents: int
    awarded_cents: int
    cumulative_cents: int
    outcome: Outcome
    reasons: tuple[Reason, ...]
    ranking: str
    reserved: bool = False

    @property
    def is_undecided(self) -> bool:
        """Whether only a draw can tell if it wins."""
        return any(each.code in (ReasonCode.DRAW_NEEDED, ReasonCode.DRAW_FOR_PLACES) for each in self.reasons)


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a budget line spent, and the references of those between whom a draw must decide."""

    line: str
    budget_cents: int
    awarded_cents: int
    left_cents: int
    draw_between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuotaResult:
    """The places of one quota, and how many are taken."""

    quota: Quota
    taken: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Applications of one ranking that share a place, by reference."""

    ranking: str
    position: int
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A whole run: what was given and what came out, by list and then in order of publication."""

    given: RankingInput
    sheets: Sheets
    results: tuple[RankedResult, ...]
    lines: tuple[LineResult, ...]
    quotas: tuple[QuotaResult, ...] = ()

    @property
    def ties(self) -> tuple[Tie, ...]:
        """Who shares a place with whom."""
        places: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for result in self.results:
            if result.position is not None:
                places[result.ranking, result.position].append(result.reference)
        return tuple(Tie(key, place, tuple(sorted(names))) for (key, place), names in places.items() if len(names) > 1)

    def result_of(self, candidate: str) -> RankedResult:
        """The result of one candidate; raises NotFound."""
        for result in self.results:
            if result.candidate == candidate:
                return result
        raise NotFound
