"""Giving applications to evaluators: `python -m benchmarks.assigning [APPLICATIONS] [EVALUATORS]` (2 000, 60)

Three evaluators for each application, three pairs in a hundred in conflict, everybody knowing two of five areas; once
without and once with a limit on what two evaluators share. The process apart is part of the figure.
"""

import random
import sys
import time
from collections import Counter
from uuid import UUID

from portal.evaluation.distribution import Desk, Wish, distribute

EACH, CONFLICTS, TOPICS, BUDGET = 3, 0.03, 5, 30


def problem(applications: int, evaluators: int, together: int | None) -> tuple[list[Wish], Desk]:
    """The same made-up problem each time."""
    dice = random.Random(1)
    keys = [UUID(int=number) for number in range(1, applications + 1)]
    people = [UUID(int=10**9 + number) for number in range(evaluators)]
    topics = [f"area {number}" for number in range(TOPICS)]
    barred = frozenset((key, person) for key in keys for person in people if dice.random() < CONFLICTS)
    know = {person: frozenset(dice.sample(topics, 2)) for person in people}
    wishes = [Wish(key, EACH, frozenset({dice.choice(topics)})) for key in keys]
    return wishes, Desk(people, (), barred, {}, know, together, "seme")


def main(applications: int = 2_000, evaluators: int = 60) -> None:
    """Both problems, three times each."""
    even = applications * EACH / evaluators
    for together in (None, round(even / 10)):
        wishes, desk = problem(applications, evaluators, together)
        spent = []
        for _ in range(3):
            began = time.perf_counter()
            plan = distribute(wishes, desk)
            spent.append(time.perf_counter() - began)
        loads = Counter(evaluator for _application, evaluator in plan.pairs)
        limit = "no limit" if together is None else f"two share at most {together}"
        print(
            f"{applications} x {EACH} to {evaluators}, {limit}: {sorted(spent)[1]:.1f} s (budget {BUDGET}), loads "
            f"{min(loads.values())} to {max(loads.values())} (even {even:.1f}), missing {sum(plan.short.values())}, "
            f"without who knows the area {len(plan.unfit)}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
