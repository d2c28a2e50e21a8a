"""Interest by the day, which payments are asked back, the way back in instalments."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payments.recoveries.interest import (
    LEGAL,
    PaidPart,
    Rates,
    instalments,
    interest,
    monthly,
    parts_asked_back,
    spans,
)

DAYS = st.dates(date(2014, 1, 1), date(2027, 12, 31))
CENTS = st.integers(1, 10**9)
LEGALLY = Rates()


def test_interest_follows_the_rate_of_each_year_worked_by_hand():
    # 10 000.00 from 1 July 2023 to 1 March 2024: 184 days at 5 %, 60 at 2.5 %: 252.0548 and 41.0959
    assert interest(1_000_000, date(2023, 7, 1), date(2024, 3, 1), LEGALLY) == 29_315
    assert [(each.days, each.rate) for each in spans(date(2023, 7, 1), date(2024, 3, 1), LEGALLY)] == [
        (184, 500), (60, 250)
    ]  # fmt: skip


def test_years_outside_the_table_count_as_its_nearest():
    assert LEGALLY.of(2005) == LEGAL[2010]
    assert LEGALLY.of(2031) == LEGAL[max(LEGAL)]
    assert Rates(fixed=300).of(2031) == 300


@given(CENTS, DAYS, DAYS, DAYS)
def test_interest_of_two_spans_is_that_of_the_whole_but_for_the_rest_of_a_cent(cents, one, two, three):
    first, middle, last = sorted((one, two, three))
    apart = interest(cents, first, middle, LEGALLY) + interest(cents, middle, last, LEGALLY)
    assert 0 <= interest(cents, first, last, LEGALLY) - apart <= 1
    assert interest(cents, last, first, LEGALLY) == 0


@given(st.lists(st.tuples(CENTS, DAYS), min_size=1, max_size=5), st.data())
def test_a_sum_is_taken_from_the_latest_payments_and_from_no_more(paid, data):
    payments = [PaidPart(str(number), cents, day) for number, (cents, day) in enumerate(paid)]
    asked = data.draw(st.integers(1, sum(each.cents for each in payments)))
    parts = parts_asked_back(asked, payments)
    assert sum(each.cents for each in parts) == asked
    whole = {each.key: each.cents for each in payments}
    assert all(part.cents <= whole[part.key] for part in parts)
    left_alone = [each for each in payments if each.key not in {part.key for part in parts}]
    assert all(each.paid_on <= part.paid_on for each in left_alone for part in parts)


def test_more_than_was_paid_cannot_be_asked_back():
    with pytest.raises(ValueError, match="more than"):
        parts_asked_back(3, [PaidPart("a", 2, date(2026, 1, 1))])


@given(CENTS, DAYS, st.integers(1, 36))
def test_instalments_give_back_the_whole_principal_and_never_less_interest(cents, paid_on, count):
    decided = paid_on + timedelta(days=100)
    parts = [PaidPart("a", cents, paid_on)]
    days = monthly(decided + timedelta(days=30), count)
    plan = instalments(parts, decided, days, LEGALLY)
    assert sum(each.principal_cents for each in plan) == cents
    assert max(each.principal_cents for each in plan) - min(each.principal_cents for each in plan) <= 1
    assert [each.due_on for each in plan] == sorted({each.due_on for each in plan})
    assert sum(each.interest_cents for each in plan) >= interest(cents, paid_on, decided, LEGALLY)


def test_months_end_on_their_own_last_day():
    assert monthly(date(2026, 12, 31), 4) == [
        date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)
    ]  # fmt: skip


def test_days_out_of_order_are_no_plan():
    with pytest.raises(ValueError, match="later"):
        instalments([PaidPart("a", 5, date(2026, 1, 1))], date(2026, 2, 1), [date(2026, 2, 1)], LEGALLY)
