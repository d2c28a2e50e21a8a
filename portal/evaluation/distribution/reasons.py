"""Why an application lacks evaluators: where each of those who sit went."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from portal.evaluation.distribution.terms import Desk, Pair, Plan


@dataclass(frozen=True, slots=True)
class Lacking:
    """One application that lacks `count` evaluators. Of those who sit: how many score it, may not, or have enough.

    `left` are the others: with them two evaluators would share more applications than they may.
    """

    application: UUID
    count: int
    has: int
    barred: int
    full: int
    left: int


def loads_after(plan: Plan, desk: Desk) -> Counter[UUID]:
    """How many applications of the phase each evaluator has once the plan is in force."""
    return Counter(evaluator for _application, evaluator in [*desk.standing, *plan.pairs])


def lacking(plan: Plan, desk: Desk) -> list[Lacking]:
    """Each application that lacks somebody, in the order of the plan."""
    loads = loads_after(plan, desk)
    score = set[Pair]([*desk.standing, *plan.pairs])
    return [_one(key, count, desk, loads, score) for key, count in plan.short.items()]


def _one(key: UUID, count: int, desk: Desk, loads: Counter[UUID], score: set[Pair]) -> Lacking:
    has = {each for each in desk.evaluators if (key, each) in score}
    barred = {each for each in desk.evaluators if (key, each) in desk.barred} - has
    full = {each for each in desk.evaluators if each in desk.most and loads[each] >= desk.most[each]} - has - barred
    left = len(desk.evaluators) - len(has) - len(barred) - len(full)
    return Lacking(key, count, len(has), len(barred), len(full), left)
