"""Guarantees, tax and reimbursements by their rules alone: nothing is lost to rounding, nothing exceeds the grant."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payments.guarantees.rules import Cover, covering
from portal.payments.limits.queries import Room
from portal.payments.reimbursing import granted_part, reimbursement
from portal.payments.taxes.rules import DebtAnswer, DebtOutcome, investment_share, withheld

CENTS = st.integers(0, 10**12)
END = date(2027, 5, 31)


@pytest.mark.parametrize(
    ("covers", "enough"),
    [
        ([Cover(105_000, END)], True),
        ([Cover(104_999, END)], False),
        ([Cover(105_000, END - timedelta(days=1))], False),
        ([Cover(105_000, None)], True),
        ([Cover(60_000, END), Cover(45_000, None)], True),
        ([], False),
    ],
)
def test_a_guarantee_covers_advance_and_interest_until_the_last_day(covers, enough):
    found = covering(advance_cents=100_000, interest=Decimal(5), until=END, covers=covers)
    assert (found.needed_cents, found.is_enough) == (105_000, enough)


@pytest.mark.parametrize(
    ("gross", "activity", "investment", "tax"),
    [(1_000_000, True, "0", 40_000), (1_000_000, False, "0", 0), (1_000_000, True, "0.25", 30_000),
     (1_000_000, True, "1", 0), (13, True, "0", 1), (12, True, "0", 0)],
)  # fmt: skip
def test_tax_is_withheld_from_undertakings_and_not_on_investment(gross, activity, investment, tax):
    found = withheld(gross_cents=gross, rate=Decimal(4), is_undertaking=activity, investment=Decimal(investment))
    assert found == tax


@given(CENTS, st.decimals(0, 99, places=2), st.decimals(0, 1, places=4))
def test_something_is_always_left_to_pay(gross, rate, investment):
    tax = withheld(gross_cents=gross, rate=rate, is_undertaking=True, investment=investment)
    assert 0 <= tax <= gross
    assert tax < gross or gross == 0 or gross < 100


def test_the_share_of_investment_is_that_of_the_budget():
    assert investment_share({"equipment": 300, "staff": 900}, ["equipment"]) == Decimal("0.25")
    assert investment_share({}, ["equipment"]) == 0


@given(CENTS, CENTS, CENTS)
def test_the_part_of_the_grant_never_exceeds_what_was_spent(spent, granted, total):
    part = granted_part(spent_cents=spent, granted_cents=granted, total_cents=total)
    assert 0 <= part <= spent
    if spent <= total:
        assert part <= max(granted, spent if total <= granted else 0)


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 2000)), max_size=6))
def test_reimbursements_follow_the_costs_within_the_plan(tranches):
    """Whatever is approved between one tranche and the next, the sum stays within both costs and plan."""
    justified = planned = released = 0
    for cents, approved in tranches:
        justified, planned = justified + approved, planned + cents
        released += reimbursement(justified_cents=justified, planned_cents=planned, released_cents=released)
        assert released == min(justified, planned)


def test_an_answer_on_tax_debts_holds_for_its_days():
    clear, debts = (DebtAnswer(outcome, END) for outcome in (DebtOutcome.CLEAR, DebtOutcome.DEBTS))
    days = {0: True, 30: True, 31: False, -1: False}
    assert {after: clear.holds_on(END + timedelta(days=after), 30) for after in days} == days
    assert not debts.holds_on(END, 30)


def test_a_limit_holds_up_to_its_last_cent():
    assert [Room(100, 60).holds(cents) for cents in (40, 41)] == [True, False]
    assert Room(None).holds(10**12)
    assert not Room(0).holds(1)
