"""A grant is split into tranches to the cent: fixed amounts first, shares of what they leave."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.calls.rules import TrancheTemplate
from portal.calls.rules.validity import faults_of
from portal.grants.changes.queries import plans
from portal.grants.changes.rules import EndKind, PlannedTranche, Reduction, folded
from portal.grants.changes.rules.plan import Plan
from portal.grants.operations.awardable import TranchesDoNotFit
from portal.grants.queries.awarding import plan_of_award, waiting_rows
from portal.grants.tranches import tranche_amounts, tranches_fit
from portal.payments import checks
from portal.payments.rules import TrancheStatus
from tests.factories.base import bari_design
from tests.factories.changes import act, make_changing, open_end, reply
from tests.factories.grants import make_world

NAMES = {"it": "Tranche", "en": "Tranche"}


def fixed(euro: Decimal | int, key: str = "fixed") -> TrancheTemplate:
    return TrancheTemplate(key, NAMES, [], amount=Decimal(euro))


def part(share: Decimal | int, key: str = "part") -> TrancheTemplate:
    return TrancheTemplate(key, NAMES, [], share=Decimal(share))


amounts = st.integers(1, 10**8).map(lambda cents: fixed(Decimal(cents) / 100))
shares = st.lists(st.integers(1, 60), max_size=5).map(lambda weights: [part(weight) for weight in weights])
templates = st.tuples(st.lists(amounts, max_size=3), shares).flatmap(lambda two: st.permutations(two[0] + two[1]))


@given(st.integers(0, 10**10), templates)
def test_the_tranches_add_up_to_the_grant_whatever_is_fixed(cents, plan):
    assume(plan)
    found = tranche_amounts(cents, plan)
    assert sum(found) == cents
    assert min(found) >= 0
    if tranches_fit(cents, plan) and any(each.share for each in plan):
        assert all(paid == each.amount_cents for paid, each in zip(found, plan, strict=True) if each.amount)


@given(st.integers(1, 10**10), templates, st.data())
def test_a_grant_that_is_lowered_is_still_the_sum_of_its_tranches(cents, plan, data):
    assume(plan)
    drawn = [PlannedTranche(str(at), NAMES, paid) for at, paid in enumerate(tranche_amounts(cents, plan)) if paid]
    cuts = {each.key: data.draw(st.integers(0, each.cents)) for each in drawn}
    cuts = {key: cut for key, cut in cuts.items() if cut}
    before = Plan(starts_on=date(2026, 3, 1), ends_on=None, granted_cents=cents, tranches=tuple(drawn))
    after = folded(before, Reduction(tuple(cuts.items()), sum(cuts.values())))
    assert sum(each.cents for each in after.tranches) == after.granted_cents == cents - sum(cuts.values())


@pytest.mark.parametrize(
    ("cents", "plan", "wanted"),
    [
        (1_000_000, [fixed(3000), part(60), part(40)], [300_000, 420_000, 280_000]),
        (1_000_000, [part(60), fixed(3000), part(40)], [420_000, 300_000, 280_000]),
        (1_000_001, [part(50), part(50)], [500_001, 500_000]),
        (200_000, [fixed(3000), part(100)], [200_000, 0]),
        (500_000, [fixed(3000)], [500_000]),
        (500_000, [], []),
    ],
)
def test_fixed_amounts_are_set_apart_first(cents, plan, wanted):
    assert tranche_amounts(cents, plan) == wanted


def test_a_grant_that_fixed_amounts_use_up_does_not_fit():
    plan = [fixed(3000), part(100)]
    assert [tranches_fit(cents, plan) for cents in (299_999, 300_000, 300_001)] == [False, False, True]
    assert tranches_fit(1, [part(50), part(50)])


def paid_so(*plan: TrancheTemplate):
    """The call of the tests with these tranches."""
    return replace(bari_design(), tranches=list(plan))


def told(*plan: TrancheTemplate) -> set[str]:
    """Where such a call has faults that the call of the tests has not."""
    known = {fault.place for fault in faults_of(bari_design())}
    return {fault.place for fault in faults_of(paid_so(*plan))} - known


def test_a_call_says_one_of_share_and_amount_and_leaves_something_to_the_shares():
    assert told(fixed(100), part(100)) == set()
    assert told(fixed(100)) == {"tranches"}
    assert told(fixed(100), part(90)) == {"tranches"}
    assert told(TrancheTemplate("x", NAMES, []), part(100)) == {"tranches.0.share"}
    both = TrancheTemplate("x", NAMES, [], share=Decimal(100), amount=Decimal(5))
    assert told(both) == {"tranches.0.share"}
    assert told(fixed(-1), part(100)) == {"tranches.0.amount"}
    assert "applicants.0.minimum" in told(fixed(10_000_000), part(100))


@pytest.fixture
def finance(session, now):
    """A grant of 20 000 euro whose advance is 5 000 whatever the grant."""
    return make_changing(session, now=now, design=paid_so(fixed(5000, "advance"), part(60, "a"), part(40, "b")))


def test_the_plan_is_drawn_so_and_still_adds_up_once_the_grant_is_lowered(finance):
    assert [each.amount_cents for each in finance.tranches] == [500_000, 900_000, 600_000]
    held = plans.plan_in_force(finance.session, finance.grant.id)
    assert held is not None
    assert [each.cents for each in held.plan.tranches] == [500_000, 900_000, 600_000]
    open_end(finance, EndKind.PARTIAL_REVOCATION, cents=750_000)
    reply(finance)
    act(finance)
    standing = [each.amount_cents for each in finance.tranches if each.status is not TrancheStatus.CANCELLED]
    assert sum(standing) == finance.grant.granted_cents == 1_250_000
    assert list(checks.broken(finance.session)) == []


def test_a_grant_too_small_for_the_tranches_is_set_aside_and_not_awarded(session, now):
    world = make_world(session, now=now, awarded_cents=400_000, design=paid_so(fixed(5000), part(100)))
    with pytest.raises(TranchesDoNotFit):
        world.award(world.application)
    plan = plan_of_award(session, waiting_rows(session, ranking_id=world.ranking.id), now.date())
    assert world.application.id not in {row.application_id for row in plan.awarded}
