"""The money of one line handed down its ranking, under the call's rule for the edge of the budget.

Applications that share a place are served together or not at all: where the money does not cover all of
them a draw must decide, and nothing further down is funded before it. The amounts in a reason are those of
the place: where it is shared, what all who share it asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.core.money import WHOLE
from portal.evaluation.ranking.order import Placed
from portal.evaluation.ranking.results import Outcome, Reason, ReasonCode
from portal.evaluation.ranking.scheme import EdgeRule, Scheme


@dataclass(frozen=True, slots=True)
class Grant:
    """What one placed application gets, in cents, and the line's spending down to it."""

    placed: Placed
    outcome: Outcome
    awarded_cents: int
    cumulative_cents: int
    reasons: tuple[Reason, ...] = ()


def grants_in_order(scheme: Scheme, budget_cents: int, ranking: Sequence[Placed]) -> Iterator[Grant]:
    """One grant for each place of the ranking; the awards never exceed the budget."""
    spent = 0
    closed = False
    for _position, sharing in groupby(ranking, key=lambda placed: placed.position):
        group = list(sharing)
        left = budget_cents - spent
        reason = _line_closed(left) if closed else _obstacle(scheme, left, group)
        closed = closed or _closes(scheme, reason)
        for placed in group:
            outcome, awarded = _award(placed, left, reason)
            spent += awarded
            yield Grant(placed, outcome, awarded, spent, () if reason is None else (reason,))


def _line_closed(left: int) -> Reason:
    return Reason(ReasonCode.LINE_CLOSED, (("left_cents", left),))


def _obstacle(scheme: Scheme, left: int, group: Sequence[Placed]) -> Reason | None:
    """Why the applications of one place are not all funded in full, or None when they are."""
    requests = [placed.marks.candidate.requested_cents for placed in group]
    if sum(requests) <= left:
        return None
    facts = (("left_cents", left), ("requested_cents", sum(requests)))
    partial = scheme.edge_rule is EdgeRule.PARTIAL and left > 0
    least = min(_least(scheme, request) for request in requests)
    could_serve_one = min(requests) <= left or (partial and least <= left)
    if len(group) > 1 and could_serve_one:
        return Reason(ReasonCode.DRAW_NEEDED, (*facts, ("count", len(group))))
    if not partial:
        return Reason(ReasonCode.BUDGET_TOO_SMALL, facts)
    code = ReasonCode.REMAINDER_GRANTED if could_serve_one else ReasonCode.REMAINDER_TOO_SMALL
    return Reason(code, (*facts, ("least_cents", least)))


def _least(scheme: Scheme, requested_cents: int) -> int:
    """The smallest partial grant in cents, rounded up so that the declared share is never undercut."""
    return max(1, -(-requested_cents * scheme.minimum_partial_bp // WHOLE))


def _closes(scheme: Scheme, reason: Reason | None) -> bool:
    """Whether nothing further down is funded; only "skip to the next that fits" goes on."""
    if reason is None:
        return False
    return scheme.edge_rule is not EdgeRule.SKIP or reason.code is ReasonCode.DRAW_NEEDED


def _award(placed: Placed, left: int, reason: Reason | None) -> tuple[Outcome, int]:
    if reason is None:
        return Outcome.FUNDED, placed.marks.candidate.requested_cents
    if reason.code is ReasonCode.REMAINDER_GRANTED:
        return Outcome.FUNDED_PARTIALLY, left
    return Outcome.SUITABLE_NOT_FUNDED, 0
