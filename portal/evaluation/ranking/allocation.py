"""Money and places handed down the rankings, under the call's rule for the edge of the budget.

Whoever stands higher chooses first. Where two rankings draw on the same line or the same places, the better of two
applications comes first, whatever its ranking. The rule at the edge is about money: a line closes for all who draw on
it. Places that are taken stop only those who need one of them. Applications that share a place in their order are
served together or not at all: where money or places do not cover all of them a draw must decide, and nothing further
down is given from what they compete for. The amounts in a reason are those of all who share the place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from portal.core.money import WHOLE
from portal.evaluation.ranking.given import Candidate, RankingInput, Standing
from portal.evaluation.ranking.order import Placed
from portal.evaluation.ranking.results import Outcome, Reason, ReasonCode
from portal.evaluation.ranking.scheme import EdgeRule, Quota, Scheme

Pot = str | Quota
"""What runs out: a budget line by its key, or the places of a quota."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one placed application gets, in cents, from which line, and that line's spending down to it."""

    placed: Placed
    outcome: Outcome
    awarded_cents: int
    cumulative_cents: int
    line: str
    reasons: tuple[Reason, ...] = ()


class Pots:
    """What is left of each line and each quota, and which of them are closed to whoever comes next."""

    def __init__(self, given: RankingInput) -> None:
        self.scheme = given.scheme
        self.budgets = {line.key: line.budget_cents for line in given.lines}
        self.spent: Counter[str] = Counter()
        self.taken: Counter[Quota] = Counter()
        self.closed: set[Pot] = set()
        self.standing = {each.candidate: each for each in given.standing}
        self.gone = frozenset(given.gone)

    def left_of(self, line: str) -> int:
        """Cents of a line that nobody has yet."""
        return self.budgets[line] - self.spent[line]

    def quotas_of(self, candidate: Candidate) -> list[Quota]:
        """The quotas that count a candidate."""
        return [quota for quota in self.scheme.quotas if counts(quota, candidate)]

    def of(self, candidate: Candidate) -> list[Pot]:
        """Everything that a candidate needs something of, or may need."""
        lines = [candidate.line, *candidate.other_lines] if self.scheme.has_money else []
        return [*lines, *self.quotas_of(candidate)]

    def paying(self, candidate: Candidate) -> str:
        """The line that pays it: the first that covers the request; else the one with most left, the first of equals.

        One line pays a grant: requests are never split.
        """
        lines = [candidate.line, *candidate.other_lines]
        open_lines = [line for line in lines if line not in self.closed] or lines
        covering = [line for line in open_lines if self.left_of(line) >= candidate.requested_cents]
        return covering[0] if covering else max(open_lines, key=self.left_of)


def counts(quota: Quota, candidate: Candidate) -> bool:
    """Whether an application takes a place of this quota."""
    pairs = ((quota.kind, candidate.kind), (quota.line, candidate.line), (quota.area, candidate.area))
    return all(wanted is None or wanted == own for wanted, own in pairs)


def grants_in_order(pots: Pots, placed: Iterable[Placed]) -> Iterator[Grant]:
    """One grant for each placed application, best first; neither budgets nor places are ever exceeded."""
    in_order = sorted(placed, key=lambda each: (each.key, each.marks.candidate.reference, each.marks.candidate.id))
    if pots.standing or pots.gone:
        yield from _run_down(pots, in_order)
        return
    for _key, sharing in groupby(in_order, key=lambda each: each.key):
        for group in _competing(pots, list(sharing)):
            yield from _served(pots, group)


def _run_down(pots: Pots, in_order: Sequence[Placed]) -> Iterator[Grant]:
    """Who stands keeps what it has, before anybody else is served; who is gone gets nothing; the rest in order."""
    for each in in_order:
        kept = pots.standing.get(each.marks.candidate.id)
        if kept is not None:
            pots.spent[kept.line] += kept.cents
            pots.taken.update(pots.quotas_of(each.marks.candidate))
    down: Counter[str] = Counter()
    for _key, sharing in groupby(in_order, key=lambda each: each.key):
        for grant in _next(pots, list(sharing)):
            down[grant.line] += grant.awarded_cents
            yield replace(grant, cumulative_cents=down[grant.line])


def _next(pots: Pots, sharing: list[Placed]) -> Iterator[Grant]:
    open_ones = []
    for each in sharing:
        key = each.marks.candidate.id
        if key in pots.standing:
            yield _kept(pots, each, pots.standing[key])
        elif key in pots.gone:
            left = (Reason(ReasonCode.LEFT_RANKING),)
            yield Grant(each, Outcome.LEFT, 0, 0, each.marks.candidate.line, left)
        else:
            open_ones.append(each)
    for group in _competing(pots, open_ones) if open_ones else ():
        yield from _served(pots, group)


def _kept(pots: Pots, placed: Placed, kept: Standing) -> Grant:
    outcome = Outcome.FUNDED if kept.cents >= _request(placed) else Outcome.FUNDED_PARTIALLY
    if not pots.scheme.has_money or pots.scheme.selects:
        outcome = Outcome.SELECTED if pots.scheme.selects else Outcome.FUNDED
    reason = Reason(ReasonCode.KEPT, (("awarded_cents", kept.cents),))
    return Grant(placed, outcome, kept.cents, 0, kept.line, (reason,))


def _competing(pots: Pots, sharing: list[Placed]) -> list[list[Placed]]:
    """Equals in groups that need something of the same pot: others do not stand in each other's way."""
    if len(sharing) == 1:
        return [sharing]
    group_of: dict[Pot, list[Placed]] = {}
    groups: list[list[Placed]] = []
    for each in sharing:
        needed = pots.of(each.marks.candidate)
        met: list[list[Placed]] = []
        for pot in needed:
            if pot in group_of and not any(group_of[pot] is other for other in met):
                met.append(group_of[pot])
        merged = [*(one for group in met for one in group), each]
        groups = [group for group in groups if not any(group is other for other in met)] + [merged]
        group_of |= {pot: merged for pot, group in group_of.items() if any(group is other for other in met)}
        group_of |= dict.fromkeys(needed, merged)
    return groups


def _served(pots: Pots, group: list[Placed]) -> Iterator[Grant]:
    """Those who share one place in the order: places first, then money."""
    seated = []
    barred: list[tuple[Placed, Reason]] = []
    for each in group:
        reason = _no_place(pots, each.marks.candidate)
        barred += [(each, reason)] if reason else []
        seated += [] if reason else [each]
    for each, reason in barred:
        yield _nothing(pots, each, reason)
    crowd = _crowd(pots, seated)
    if crowd is not None:
        pots.closed.update(pot for each in seated for pot in pots.of(each.marks.candidate))
        yield from (_nothing(pots, each, crowd) for each in seated)
    elif pots.scheme.has_money:
        yield from _paid(pots, seated)
    else:
        yield from (_won(pots, each, each.marks.candidate.line, 0) for each in seated)


def _no_place(pots: Pots, candidate: Candidate) -> Reason | None:
    """Why a candidate cannot have a place, before anybody else is looked at."""
    if not pots.scheme.quotas:
        return None
    quotas = pots.quotas_of(candidate)
    if not quotas:
        return Reason(ReasonCode.NO_PLACE_FORESEEN)
    full = next((quota for quota in quotas if pots.taken[quota] >= quota.count), None)
    if full is not None:
        return Reason(ReasonCode.NO_PLACE_LEFT, (("places", full.count),))
    return Reason(ReasonCode.DRAW_ABOVE) if any(quota in pots.closed for quota in quotas) else None


def _crowd(pots: Pots, seated: Sequence[Placed]) -> Reason | None:
    """A draw is needed where more share a place in the order than there are places left."""
    if not pots.scheme.quotas:
        return None
    wanted = Counter(quota for each in seated for quota in pots.quotas_of(each.marks.candidate))
    for quota, count in wanted.items():
        left = quota.count - pots.taken[quota]
        if count > left:
            return Reason(ReasonCode.DRAW_FOR_PLACES, (("left", left), ("count", len(seated))))
    return None


def _paid(pots: Pots, seated: Sequence[Placed]) -> Iterator[Grant]:
    """All of them where the lines cover all; else by the line that would pay each."""
    lines = _covering(pots, seated)
    if lines is not None:
        yield from (_won(pots, each, line, _request(each)) for each, line in zip(seated, lines, strict=True))
        return
    by_line: dict[str, list[Placed]] = {}
    for each in seated:
        by_line.setdefault(pots.paying(each.marks.candidate), []).append(each)
    for line, group in by_line.items():
        left = pots.left_of(line)
        reason = _line_closed(left) if line in pots.closed else _obstacle(pots.scheme, left, group)
        if reason is not None:
            pots.closed.update(_closed_by(pots, reason, group))
        for each in group:
            granted = reason is None or reason.code is ReasonCode.REMAINDER_GRANTED
            cents = _request(each) if reason is None else left
            yield _won(pots, each, line, cents, reason) if granted else _nothing(pots, each, reason, line)


def _covering(pots: Pots, seated: Sequence[Placed]) -> list[str] | None:
    """For each the line that pays it, so that all are paid in full; None where that does not come out."""
    more: dict[str, int] = {}
    found: list[str] = []
    for each in seated:
        candidate = each.marks.candidate
        lines = [line for line in (candidate.line, *candidate.other_lines) if line not in pots.closed]
        line = next((line for line in lines if pots.left_of(line) - more.get(line, 0) >= _request(each)), None)
        if line is None:
            return None
        more[line] = more.get(line, 0) + _request(each)
        found.append(line)
    return found


def _request(placed: Placed) -> int:
    return placed.marks.candidate.requested_cents


def _closed_by(pots: Pots, reason: Reason, group: Sequence[Placed]) -> set[Pot]:
    """What is closed to whoever comes next: all that they draw on where a draw must decide, else their lines."""
    if reason.code is ReasonCode.DRAW_NEEDED:
        return {pot for each in group for pot in pots.of(each.marks.candidate)}
    if pots.scheme.edge_rule is EdgeRule.SKIP:
        return set()
    lines = [(each.marks.candidate.line, *each.marks.candidate.other_lines) for each in group]
    return {line for own in lines for line in own}


def _won(pots: Pots, placed: Placed, line: str, cents: int, reason: Reason | None = None) -> Grant:
    pots.spent[line] += cents
    pots.taken.update(pots.quotas_of(placed.marks.candidate))
    outcome = Outcome.FUNDED if reason is None else Outcome.FUNDED_PARTIALLY
    if pots.scheme.selects:
        outcome = Outcome.SELECTED
    return Grant(placed, outcome, cents, pots.spent[line], line, () if reason is None else (reason,))


def _nothing(pots: Pots, placed: Placed, reason: Reason | None, line: str | None = None) -> Grant:
    here = placed.marks.candidate.line if line is None else line
    reasons = () if reason is None else (reason,)
    return Grant(placed, Outcome.SUITABLE_NOT_FUNDED, 0, pots.spent[here], here, reasons)


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
