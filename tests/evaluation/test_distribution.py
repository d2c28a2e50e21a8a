"""Who scores what, by property: the solver in this process, the problem as it would be sent to it."""

import json
from collections import Counter
from itertools import chain, combinations, product
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core.apart import NotDone, call_apart
from portal.evaluation.distribution import (
    Desk,
    Wish,
    distribute,
    fingerprint,
    lacking,
    loads_after,
    planning,
    read,
    solver,
    written,
)

APPLICATIONS = [UUID(int=number) for number in range(1, 9)]
EVALUATORS = [UUID(int=number) for number in range(101, 107)]
TOPICS = ("libertà", "carrassi", "soccavo")


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    """A new process for each example would take half a second: the solver answers here."""
    monkeypatch.setattr(planning, "call_apart", lambda _module, content: solver.work(content))


@st.composite
def problems(draw, *, plain: bool = False, most_applications: int = 8, most_evaluators: int = 6):
    """Wishes and a desk; `plain` ones have nobody barred, no caps, no topics, nothing standing."""
    applications = APPLICATIONS[: draw(st.integers(1, most_applications))]
    evaluators = EVALUATORS[: draw(st.integers(1, most_evaluators))]
    topics = st.frozensets(st.sampled_from(TOPICS), max_size=0 if plain else 2)
    wishes = [Wish(each, draw(st.integers(0, 3)), draw(topics)) for each in applications]
    pairs = st.lists(st.sampled_from(list(product(applications, evaluators))), unique=True, max_size=0 if plain else 12)
    some = draw(pairs)
    cut = draw(st.integers(0, len(some)))
    caps = st.dictionaries(st.sampled_from(evaluators), st.integers(0, 5), max_size=0 if plain else 3)
    know = st.dictionaries(st.sampled_from(evaluators), topics, max_size=0 if plain else 4)
    return wishes, Desk(
        evaluators, some[:cut], frozenset(some[cut:]), draw(caps), draw(know), None, draw(st.sampled_from("abc"))
    )


@given(problems())
def test_a_plan_keeps_every_limit(problem):
    wishes, desk = problem
    plan = distribute(wishes, desk)
    assert len(set(plan.pairs)) == len(plan.pairs)
    assert not set(plan.pairs) & (desk.barred | set(desk.standing))
    new, loads = Counter(evaluator for _application, evaluator in plan.pairs), loads_after(plan, desk)
    assert all(loads[each] <= most for each, most in desk.most.items() if new[each])
    has = Counter(application for application, _evaluator in [*plan.pairs, *desk.standing])
    for wish in wishes:
        assert plan.short.get(wish.application, 0) == max(0, wish.wants - has[wish.application])
    for each in lacking(plan, desk):
        assert each.has + each.barred + each.full + each.left == len(desk.evaluators)
        assert not each.left, "whoever is free is chosen"


@given(problems(plain=True))
def test_loads_lie_within_one_of_even(problem):
    wishes, desk = problem
    loads = loads_after(distribute(wishes, desk), desk)
    counts = [loads[each] for each in desk.evaluators]
    assert max(counts) - min(counts) <= 1


@given(problems(most_applications=3, most_evaluators=3))
def test_no_other_plan_leaves_fewer_gaps(problem):
    """Against every plan there is, on problems small enough to write them all down."""
    wishes, desk = problem
    free = [(wish.application, each) for wish in wishes for each in desk.evaluators
            if wish.wants and (wish.application, each) not in desk.barred | set(desk.standing)]  # fmt: skip
    standing, wants = Counter(a for a, _e in desk.standing), {each.application: each.wants for each in wishes}
    best = min(
        sum(max(0, count - standing[key] - Counter(a for a, _e in some)[key]) for key, count in wants.items())
        for some in chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
        if _within(some, desk)
    )
    assert sum(distribute(wishes, desk).short.values()) == best


def _within(pairs, desk):
    loads = Counter(evaluator for _application, evaluator in pairs)
    stand = Counter(evaluator for _application, evaluator in desk.standing)
    return all(not loads[each] or loads[each] + stand[each] <= most for each, most in desk.most.items())


@given(problems())
@example(([Wish(APPLICATIONS[0], 2)], Desk(EVALUATORS, seed="x")))
def test_the_document_gives_the_same_plan_again(problem):
    wishes, desk = problem
    document = json.loads(json.dumps(written(wishes, desk)))
    again = read(document)
    assert fingerprint(written(*again)) == fingerprint(document)
    assert distribute(*again) == distribute(wishes, desk)


def test_somebody_who_knows_the_area_is_found_even_at_the_cost_of_evenness():
    wishes = [Wish(each, 1, frozenset({"soccavo"})) for each in APPLICATIONS]
    knows = {EVALUATORS[2]: frozenset({"soccavo"})}
    plan = distribute(wishes, Desk(EVALUATORS, topics=knows))
    assert {evaluator for _application, evaluator in plan.pairs} == {EVALUATORS[2]}
    assert plan.unfit == []
    capped = distribute(
        wishes, Desk(EVALUATORS, topics={EVALUATORS[2]: frozenset({"soccavo"})}, most={EVALUATORS[2]: 3})
    )
    assert len(capped.unfit) == len(APPLICATIONS) - 3


def test_two_evaluators_share_no_more_than_they_may():
    wishes = [Wish(each, 2) for each in APPLICATIONS]
    plan = distribute(wishes, Desk(EVALUATORS[:5], together=1))
    at = {wish.application: tuple(sorted(e for a, e in plan.pairs if a == wish.application)) for wish in wishes}
    assert max(Counter(at.values()).values()) == 1
    assert plan.short == {}


def test_another_seed_gives_another_plan_as_even():
    wishes = [Wish(each, 2) for each in APPLICATIONS]
    plans = [distribute(wishes, Desk(EVALUATORS, seed=seed)) for seed in ("uno", "due")]
    assert plans[0].pairs != plans[1].pairs


def test_the_solver_works_apart_and_what_it_cannot_read_is_refused():
    one = {"wants": [1], "loads": [0], "most": [None], "fixed": [], "barred": [], "fit": [[]], "together": None}
    answer = call_apart(planning.SOLVER, json.dumps({**one, "seed": ""}).encode())
    assert json.loads(answer) == {"pairs": [[0, 0]]}
    with pytest.raises(NotDone):
        call_apart(planning.SOLVER, b"[]")
