"""Who scores what: evenly, and the same whenever it is worked out again."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known before assigning: who may sit, how much each has, and who is barred from which application."""

    evaluators: Sequence[UUID]
    loads: Mapping[UUID, int]
    barred: AbstractSet[Pair]


def spread(needs: Sequence[tuple[UUID, int]], desk: Desk) -> list[Pair]:
    """Pairs of application and evaluator: each need is met by those with the least to do, in the order of their seats.

    `needs` says how many more evaluators each application wants; one who is barred from it is never chosen. Where too
    few are left the application gets fewer.
    """
    loads = {evaluator: desk.loads.get(evaluator, 0) for evaluator in desk.evaluators}
    seats = {evaluator: seat for seat, evaluator in enumerate(desk.evaluators)}
    chosen: list[Pair] = []
    for application, wanted in needs:
        free = [each for each in desk.evaluators if (application, each) not in desk.barred]
        free.sort(key=lambda each: (loads[each], seats[each]))
        for evaluator in free[:wanted]:
            loads[evaluator] += 1
            chosen.append((application, evaluator))
    return chosen
