"""De minimis aid over any three years: the rule without a database (Reg. (EU) 2023/2831, art. 3)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import AidRegime, AidRules
from portal.grants.aid.rules import Aid, Ceiling, ceiling_of, counts, verdict_on, years_before

CEILING = Ceiling(30_000_000)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
AIDS = st.lists(st.builds(Aid, DAYS, st.integers(1, 20_000_000)), max_size=12)
CEILINGS = st.builds(Ceiling, st.integers(1, 40_000_000), st.integers(1, 4), st.booleans())


def fullest(aids, ceiling):
    """The largest sum over any period that ends on the day of some aid, counted day by day."""
    ends = [each.granted_on for each in aids]
    return max((sum(each.cents for each in aids if counts(each, end, ceiling)) for end in ends), default=0)


@given(asked=AIDS, ceiling=CEILINGS)
def test_in_whatever_order_grants_come_no_period_goes_beyond_the_ceiling(asked, ceiling):
    given_aid: list[Aid] = []
    for new in asked:
        if verdict_on(new, given_aid, ceiling).fits:
            given_aid.append(new)
    assert fullest(given_aid, ceiling) <= ceiling.cents


@given(asked=AIDS, new=st.builds(Aid, DAYS, st.integers(1, 20_000_000)), ceiling=CEILINGS)
def test_a_grant_is_refused_only_where_some_period_would_go_beyond(asked, new, ceiling):
    verdict = verdict_on(new, asked, ceiling)
    assert verdict.new_cents == new.cents
    if not verdict.fits:
        assert fullest([*asked, new], ceiling) > ceiling.cents
    assert verdict.room_cents == max(ceiling.cents - verdict.counted_cents, 0)


@given(asked=AIDS, new=st.builds(Aid, DAYS, st.integers(1, 20_000_000)), ceiling=CEILINGS)
def test_the_order_of_the_register_does_not_matter(asked, new, ceiling):
    assert verdict_on(new, asked, ceiling) == verdict_on(new, asked[::-1], ceiling)


def test_the_whole_grant_is_refused_for_one_cent_too_much():
    old = Aid(date(2025, 1, 10), 28_000_000)
    assert verdict_on(Aid(date(2026, 1, 10), 2_000_000), [old], CEILING).fits
    refused = verdict_on(Aid(date(2026, 1, 10), 2_000_001), [old], CEILING)
    assert (refused.fits, refused.counted_cents, refused.room_cents) == (False, 28_000_000, 2_000_000)


@pytest.mark.parametrize(
    ("day", "plain", "with_boundary"),
    [(date(2023, 1, 10), True, False), (date(2023, 1, 11), False, False), (date(2023, 1, 9), True, True)],
)
def test_aid_of_exactly_three_years_before_drops_out_unless_the_call_counts_it(day, plain, with_boundary):
    new, old = Aid(date(2026, 1, 10), 20_000_000), Aid(day, 20_000_000)
    assert verdict_on(new, [old], CEILING).fits is plain
    assert verdict_on(new, [old], Ceiling(30_000_000, boundary_day_counts=True)).fits is with_boundary


def test_aid_granted_after_a_back_dated_act_counts_too():
    later = Aid(date(2026, 3, 1), 29_000_000)
    refused = verdict_on(Aid(date(2026, 2, 1), 2_000_000), [later], CEILING)
    assert (refused.fits, refused.until) == (False, date(2026, 3, 1))


def test_a_leap_day_has_its_period_and_services_of_general_interest_their_ceiling():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)
    assert ceiling_of(AidRegime.DE_MINIMIS, AidRules()).cents == 30_000_000
    assert ceiling_of(AidRegime.DE_MINIMIS_SGEI, AidRules()).cents == 75_000_000
    assert ceiling_of(AidRegime.DE_MINIMIS, AidRules(years=2)).years == 2
    assert counts(Aid(date(2025, 1, 1), 1), date(2025, 1, 1) + timedelta(days=1), CEILING)
