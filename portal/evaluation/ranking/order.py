"""Thresholds, then the order: published total, the tie-break chain, equal places where it is exhausted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import ge

from portal.evaluation.ranking.drawing import drawn_number
from portal.evaluation.ranking.exact import MAX_DECIMALS, must_be_units, steps_text, units_text
from portal.evaluation.ranking.given import Draw
from portal.evaluation.ranking.marks import Marks
from portal.evaluation.ranking.results import JOINT, MISSING, TOTAL, Reason, ReasonCode, Separation
from portal.evaluation.ranking.scheme import Scheme, TieBreak, TieRule

HIGHER_IS_BETTER = frozenset({TieRule.CRITERION, TieRule.HIGHER_COFINANCING, TieRule.GENDER_MAJORITY})
Key = tuple[int | Fraction, ...]
"""What the order is by: smaller comes first."""
Limits = list[int]
"""Published steps that must be reached."""
Drawn = Mapping[frozenset[str], Draw]
"""The draws that were held, by the references that were tied."""
NOBODY_IS_OLDER = 10**9  # days
NOT_EVEN_NONE = 1  # above any negative share


@dataclass(frozen=True, slots=True)
class Placed:
    """A suitable application with its place in its ranking, and what put it behind the one above.

    `key` compares it with applications of other rankings that draw on the same money or places.
    """

    marks: Marks
    position: int
    separation: Separation | None
    key: Key


def limits_of(scheme: Scheme) -> Limits:
    """The steps that each criterion, and at last the total, must reach; 0 where there is no minimum."""
    declared = (*(each.threshold for each in scheme.criteria), scheme.minimum_total)
    step = 10 ** (MAX_DECIMALS - scheme.decimals)
    return [0 if limit is None else must_be_units(limit) // step for limit in declared]


def failed_thresholds(scheme: Scheme, limits: Limits, marks: Marks) -> tuple[Reason, ...]:
    """The declared minima the published values do not reach; none means suitable."""
    if not marks.knocked_out and all(map(ge, (*marks.steps, marks.total_steps), limits)):
        return ()
    return _missed(scheme, limits, marks)


def _missed(scheme: Scheme, limits: Limits, marks: Marks) -> tuple[Reason, ...]:
    failed = [
        Reason(ReasonCode.KNOCKED_OUT, (("criterion", criterion), ("count", times)))
        for criterion, times in marks.knocked_out
    ]
    failed += [
        Reason(
            ReasonCode.BELOW_CRITERION_MINIMUM,
            (
                ("criterion", criterion.key),
                ("points", steps_text(steps, scheme.decimals)),
                ("minimum", units_text(must_be_units(criterion.threshold))),
            ),
        )
        for criterion, steps, limit in zip(scheme.criteria, marks.steps, limits[:-1], strict=True)
        if criterion.threshold is not None and steps < limit
    ]
    minimum = scheme.minimum_total
    if minimum is not None and marks.total_steps < limits[-1]:
        points = steps_text(marks.total_steps, scheme.decimals)
        facts = (("points", points), ("minimum", units_text(must_be_units(minimum))))
        failed.append(Reason(ReasonCode.BELOW_TOTAL_MINIMUM, facts))
    return tuple(failed)


def placed_in_order(scheme: Scheme, suitable: Iterable[Marks], draws: Drawn) -> list[Placed]:
    """Places 1, 1, 3 in one ranking: best first; inside a shared place by reference, for display only."""
    columns = {key: index for index, key in enumerate(scheme.keys)}
    keyed = [
        (_sort_key(scheme, columns, marks), marks.candidate.reference, marks.candidate.id, marks) for marks in suitable
    ]
    keyed.sort(key=lambda each: each[:3])
    placed: list[Placed] = []
    for _key, sharing in groupby(keyed, key=lambda each: each[0]):
        group = [(key, marks) for key, _reference, _id, marks in sharing]
        for key, marks in _drawn(scheme, draws, group):
            above = placed[-1] if placed else None
            separation = _separation(scheme, columns, (key, marks), above) if above else None
            shares = above is not None and separation is not None and separation.by == JOINT
            placed.append(Placed(marks, above.position if above and shares else len(placed) + 1, separation, key))
    return placed


def _drawn(scheme: Scheme, draws: Drawn, group: list[tuple[Key, Marks]]) -> list[tuple[Key, Marks]]:
    """Those who share a place in the order of the draw that was held between exactly them; else as they are."""
    if len(group) == 1 or not scheme.draws:
        return group
    draw = draws.get(frozenset(marks.candidate.reference for _key, marks in group))
    if draw is None:
        return group
    numbered = [((*key, drawn_number(draw, marks.candidate.reference)), marks) for key, marks in group]
    return sorted(numbered, key=lambda each: each[0])


def _sort_key(scheme: Scheme, columns: dict[str, int], marks: Marks) -> Key:
    return (-marks.total_steps, *(_tie_key(link, columns, marks) for link in scheme.tie_breaks if not _is_draw(link)))


def _is_draw(link: TieBreak) -> bool:
    return link.rule is TieRule.DRAW


def _tie_key(link: TieBreak, columns: dict[str, int], marks: Marks) -> int | Fraction:
    """Smaller is better; nothing to compare comes last."""
    value = _tie_value(link, columns, marks)
    if value is None:
        return NOBODY_IS_OLDER if link.rule is TieRule.YOUNGER else NOT_EVEN_NONE
    return -value if link.rule in HIGHER_IS_BETTER else value


def _tie_value(link: TieBreak, columns: dict[str, int], marks: Marks) -> int | Fraction | None:
    """What the link compares. A criterion is compared by its published points, like everything else."""
    facts = marks.candidate.facts
    match link.rule:
        case TieRule.CRITERION:
            return marks.steps[columns[link.criterion or ""]]
        case TieRule.LOWER_REQUEST:
            return marks.candidate.requested_cents
        case TieRule.HIGHER_COFINANCING:
            return marks.candidate.cofinancing_bp
        case TieRule.YOUNGER:
            return Fraction(facts.age_days, facts.aged) if facts.aged else None
        case TieRule.GENDER_MAJORITY:
            return Fraction(facts.women, facts.gendered) if facts.gendered else None
        case _:
            return marks.candidate.received_order


def _separation(scheme: Scheme, columns: dict[str, int], own: tuple[Key, Marks], above: Placed) -> Separation:
    """The first thing, total or tie-break, in which two neighbours differ."""
    key, marks = own
    neighbour = above.marks.candidate.id
    totals = [steps_text(each.total_steps, scheme.decimals) for each in (marks, above.marks)]
    if marks.total_steps != above.marks.total_steps:
        return Separation(neighbour, TOTAL, *totals)
    links = [link for link in scheme.tie_breaks if not _is_draw(link)]
    for link, one, other in zip(links, key[1:], above.key[1:], strict=False):
        if one != other:
            values = (_tie_value(link, columns, each) for each in (marks, above.marks))
            return Separation(neighbour, link.name, *(_shown(scheme, link, value) for value in values))
    if key != above.key:
        return Separation(neighbour, TieRule.DRAW.value, *(f"{each[-1]:064x}" for each in (key, above.key)))
    return Separation(neighbour, JOINT, *totals)


def _shown(scheme: Scheme, link: TieBreak, value: int | Fraction | None) -> str:
    if value is None:
        return MISSING
    return steps_text(int(value), scheme.decimals) if link.criterion else str(value)
