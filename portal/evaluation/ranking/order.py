"""Thresholds, then the order: published total, the tie-break chain, equal places where it is exhausted."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.evaluation.ranking.exact import MAX_DECIMALS, decimal_of_steps, must_be_units, units_text
from portal.evaluation.ranking.results import JOINT, TOTAL, Reason, ReasonCode, Separation
from portal.evaluation.ranking.scheme import Scheme, TieBreak, TieRule
from portal.evaluation.ranking.scores import Marks

HIGHER_IS_BETTER = frozenset({TieRule.CRITERION, TieRule.HIGHER_COFINANCING})


@dataclass(frozen=True, slots=True)
class Placed:
    """A suitable application with its place, and what put it behind the one above."""

    marks: Marks
    position: int
    separation: Separation | None


def failed_thresholds(scheme: Scheme, marks: Marks) -> tuple[Reason, ...]:
    """The declared minima the published values do not reach; none means suitable."""
    failed = [
        Reason(
            ReasonCode.BELOW_CRITERION_MINIMUM,
            (
                ("criterion", criterion.key),
                ("points", steps_text(scheme, steps)),
                ("minimum", units_text(must_be_units(criterion.threshold))),
            ),
        )
        for criterion, steps in zip(scheme.criteria, marks.steps, strict=True)
        if criterion.threshold is not None and _units(scheme, steps) < must_be_units(criterion.threshold)
    ]
    minimum = scheme.minimum_total
    if minimum is not None and _units(scheme, marks.total_steps) < must_be_units(minimum):
        points = steps_text(scheme, marks.total_steps)
        facts = (("points", points), ("minimum", units_text(must_be_units(minimum))))
        failed.append(Reason(ReasonCode.BELOW_TOTAL_MINIMUM, facts))
    return tuple(failed)


def placed_in_order(scheme: Scheme, suitable: Iterable[Marks]) -> list[Placed]:
    """Places 1, 1, 3: best first; inside a shared place by reference, for display only."""
    columns = {key: index for index, key in enumerate(scheme.keys)}
    by_reference = sorted(suitable, key=lambda marks: (marks.candidate.reference, marks.candidate.id))
    in_order = sorted(by_reference, key=lambda marks: _sort_key(scheme, columns, marks))
    placed: list[Placed] = []
    for index, marks in enumerate(in_order):
        separation = _separation(scheme, columns, marks, in_order[index - 1]) if index else None
        shares = separation is not None and separation.by == JOINT
        placed.append(Placed(marks, placed[-1].position if shares else index + 1, separation))
    return placed


def _sort_key(scheme: Scheme, columns: dict[str, int], marks: Marks) -> tuple[int, ...]:
    return (-marks.total_steps, *(_tie_key(link, columns, marks) for link in scheme.tie_breaks))


def _tie_key(link: TieBreak, columns: dict[str, int], marks: Marks) -> int:
    """Smaller is better."""
    value = _tie_value(link, columns, marks)
    return -value if link.rule in HIGHER_IS_BETTER else value


def _tie_value(link: TieBreak, columns: dict[str, int], marks: Marks) -> int:
    """What the link compares. A criterion is compared by its published mean, like everything else."""
    match link.rule:
        case TieRule.CRITERION:
            return marks.steps[columns[link.criterion or ""]]
        case TieRule.LOWER_REQUEST:
            return marks.candidate.requested_cents
        case TieRule.HIGHER_COFINANCING:
            return marks.candidate.cofinancing_bp
        case TieRule.PROTOCOL:
            return marks.candidate.received_order


def _separation(scheme: Scheme, columns: dict[str, int], own: Marks, above: Marks) -> Separation:
    """The first thing, total or tie-break, in which two neighbours differ."""
    neighbour = above.candidate.id
    totals = [steps_text(scheme, each.total_steps) for each in (own, above)]
    if own.total_steps != above.total_steps:
        return Separation(neighbour, TOTAL, *totals)
    for link in scheme.tie_breaks:
        mine, theirs = (_tie_value(link, columns, each) for each in (own, above))
        if mine != theirs:
            shown = [steps_text(scheme, value) if link.criterion else str(value) for value in (mine, theirs)]
            return Separation(neighbour, link.name, *shown)
    return Separation(neighbour, JOINT, *totals)


def steps_text(scheme: Scheme, steps: int) -> str:
    """Published points with all their declared decimals: 60.00."""
    return str(decimal_of_steps(steps, scheme.decimals))


def _units(scheme: Scheme, steps: int) -> int:
    return steps * int(10 ** (MAX_DECIMALS - scheme.decimals))
