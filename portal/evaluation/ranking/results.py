"""What a ranking says of each application: its means, its place, what decided it, its money, the reasons."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.core.errors import NotFound
from portal.evaluation.ranking.given import RankingInput
from portal.evaluation.ranking.scores import Sheets

TOTAL = "total"
JOINT = "joint"


class Outcome(StrEnum):
    """The published lists of `domain.md` §1.5."""

    FUNDED = "funded"
    FUNDED_PARTIALLY = "funded_partially"
    SUITABLE_NOT_FUNDED = "suitable_not_funded"
    NOT_SUITABLE = "not_suitable"
    INADMISSIBLE = "inadmissible"


class ReasonCode(StrEnum):
    """Why an outcome is what it is; the facts of each reason hold its numbers."""

    NOT_ADMITTED = "not_admitted"
    BELOW_CRITERION_MINIMUM = "below_criterion_minimum"  # criterion, points, minimum
    BELOW_TOTAL_MINIMUM = "below_total_minimum"  # points, minimum
    REMAINDER_GRANTED = "remainder_granted"  # left_cents, requested_cents, least_cents
    REMAINDER_TOO_SMALL = "remainder_too_small"  # left_cents, requested_cents, least_cents
    BUDGET_TOO_SMALL = "budget_too_small"  # left_cents, requested_cents
    LINE_CLOSED = "line_closed"  # left_cents: the edge was met further up
    DRAW_NEEDED = "draw_needed"  # left_cents, requested_cents, count


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
    """What put an application behind the one just above it.

    `by` is TOTAL, the name of a tie-break (TieBreak.name), or JOINT when the chain is exhausted and both
    share a place. `own` and `theirs` are what was compared: published points, cents, basis points or order.
    """

    neighbour: str
    by: str
    own: str
    theirs: str


@dataclass(frozen=True, slots=True)
class RankedResult:
    """One application's result; the totals are None without marks, the position without a place."""

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


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a budget line spent, and the references of those between whom a draw must decide."""

    line: str
    budget_cents: int
    awarded_cents: int
    left_cents: int
    draw_between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A whole run: what was given and what came out, by line and then in order of publication."""

    given: RankingInput
    sheets: Sheets
    results: tuple[RankedResult, ...]
    lines: tuple[LineResult, ...]

    def result_of(self, candidate: str) -> RankedResult:
        """The result of one candidate; raises NotFound."""
        for result in self.results:
            if result.candidate == candidate:
                return result
        raise NotFound
