"""Working a plan out: applications and evaluators become numbers, a solver apart finds the best plan."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from portal.core.apart import call_apart
from portal.evaluation.distribution.terms import Desk, Pair, Plan, Wish

SOLVER = "portal.evaluation.distribution.solver"


def distribute(wishes: Sequence[Wish], desk: Desk) -> Plan:
    """The best plan: as few missing evaluators as can be, then topics met, then loads as even as can be, then by lot.

    The lot is drawn from the seed. Raises NotDone where the solver is stopped by its limits.
    """
    has: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for application, evaluator in desk.standing:
        has[application].add(evaluator)
    forced = _forced(wishes, desk, has)
    if forced is None:
        answer = json.loads(call_apart(SOLVER, json.dumps(_problem(wishes, desk)).encode()))
        pairs = [(wishes[a].application, desk.evaluators[e]) for a, e in answer["pairs"]]
    else:
        pairs = forced
    for application, evaluator in pairs:
        has[application].add(evaluator)
    short = {each.application: each.wants - len(has[each.application]) for each in wishes}
    return Plan(
        pairs=pairs,
        short={key: count for key, count in short.items() if count > 0},
        unfit=[each.application for each in wishes if each.wants and _is_unfit(each, desk, has[each.application])],
    )


def _forced(wishes: Sequence[Wish], desk: Desk, has: Mapping[UUID, AbstractSet[UUID]]) -> list[Pair] | None:
    """The only plan, where everybody who may score must: as where the whole commission scores everything."""
    if desk.together is not None or any(each in desk.most for each in desk.evaluators):
        return None
    pairs: list[Pair] = []
    for wish in wishes:
        mine = has.get(wish.application, frozenset())
        lacks = wish.wants - len(mine)
        free = [each for each in desk.evaluators if each not in mine and (wish.application, each) not in desk.barred]
        if 0 < lacks < len(free):
            return None
        pairs += [(wish.application, each) for each in free if lacks > 0]
    return pairs


def _is_unfit(wish: Wish, desk: Desk, scores: AbstractSet[UUID]) -> bool:
    """Whether somebody in the commission knows its topic, and nobody who scores it does."""
    fit = {each for each in desk.evaluators if wish.topics & desk.knows(each)}
    return bool(fit) and not fit & scores


def _of(wishes: Sequence[Wish], desk: Desk) -> list[Pair]:
    """What stands already among the applications that are looked at."""
    asked = {each.application for each in wishes}
    return [pair for pair in desk.standing if pair[0] in asked]


def _problem(wishes: Sequence[Wish], desk: Desk) -> dict[str, object]:
    """The same in whole numbers: applications and evaluators by position."""
    apps = {each.application: position for position, each in enumerate(wishes)}
    seats = {evaluator: position for position, evaluator in enumerate(desk.evaluators)}
    fixed = [(apps[a], seats[e]) for a, e in _of(wishes, desk) if e in seats]
    elsewhere = Counter(e for a, e in desk.standing if a not in apps)
    return {
        "wants": [each.wants for each in wishes],
        "loads": [elsewhere[each] for each in desk.evaluators],
        "most": [desk.most.get(each) for each in desk.evaluators],
        "fixed": sorted(fixed),
        "barred": sorted((apps[a], seats[e]) for a, e in desk.barred if a in apps and e in seats),
        "fit": [[seats[each] for each in desk.evaluators if wish.topics & desk.knows(each)] for wish in wishes],
        "together": desk.together,
        "seed": desk.seed,
    }
