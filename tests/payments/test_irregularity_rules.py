"""When the European body is told of an irregularity."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payments.irregularities.rules import has_to_be_reported, report_by


@pytest.mark.parametrize(
    ("found", "until"),
    [
        (date(2026, 1, 1), date(2026, 5, 31)),
        (date(2026, 3, 31), date(2026, 5, 31)),
        (date(2026, 4, 1), date(2026, 8, 31)),
        (date(2026, 9, 30), date(2026, 11, 30)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 11, 2), date(2028, 2, 29)),
    ],
)
def test_it_is_reported_two_months_after_its_quarter(found, until):
    assert report_by(found) == until


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_there_are_always_two_to_five_months_and_the_term_ends_a_month(found):
    until = report_by(found)
    assert timedelta(days=59) <= until - found <= timedelta(days=155)
    assert (until + timedelta(days=1)).day == 1
    assert until.month in (2, 5, 8, 11)


def test_the_threshold_itself_is_not_above_it():
    assert [has_to_be_reported(cents, 1_000_000) for cents in (0, 1_000_000, 1_000_001)] == [False, False, True]
