"""Terms counted by the calendar: August, holidays, months of different length."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.applications.admissibility import is_holiday
from portal.evaluation.terms import (
    COURT_DAYS,
    PRESIDENT_DAYS,
    is_off,
    is_vacation,
    observations_until,
    remedies_from,
    valid_until,
)

ZONE = "Europe/Rome"
DAYS = st.dates(date(2020, 1, 1), date(2080, 12, 31))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def after(day: date, last: date) -> list[date]:
    return [day + timedelta(days=each) for each in range(1, (last - day).days + 1)]


def test_the_courts_term_stands_still_in_august():
    assert remedies_from(at(date(2026, 7, 20))).court == date(2026, 10, 19)
    assert remedies_from(at(date(2026, 8, 10))).court == date(2026, 10, 30)
    assert remedies_from(at(date(2026, 3, 2))).court == date(2026, 5, 4)  # 1 May is a holiday, then a week-end


def test_the_extraordinary_appeal_runs_through_august():
    assert remedies_from(at(date(2026, 7, 20))).president == date(2026, 11, 17)
    assert remedies_from(at(date(2026, 8, 27))).president == date(2026, 12, 28)  # Christmas, St Stephen, Sunday


@given(DAYS)
def test_the_court_has_sixty_days_outside_august_and_never_ends_on_a_day_off(day):
    court = remedies_from(at(day)).court
    counted = [each for each in after(day, court) if not is_vacation(each)]
    assert not is_off(court)
    assert not is_vacation(court)
    assert len(counted) >= COURT_DAYS
    assert all(is_off(each) for each in counted[COURT_DAYS - 1 : -1])


@given(DAYS)
def test_the_president_has_a_hundred_and_twenty_days_whatever_the_month(day):
    last = remedies_from(at(day)).president
    assert not is_holiday(last)
    assert all(is_holiday(each) for each in after(day, last)[PRESIDENT_DAYS - 1 : -1])


@given(DAYS, DAYS)
def test_who_is_told_later_has_no_shorter_term(one, other):
    first, second = sorted((one, other))
    assert remedies_from(at(first)).court <= remedies_from(at(second)).court
    assert remedies_from(at(first)).president <= remedies_from(at(second)).president


@given(DAYS, st.integers(1, 60))
def test_observations_end_on_a_working_day(day, days):
    last = observations_until(at(day), days, ZONE)
    assert last is not None
    assert not is_holiday(last)
    assert last >= day + timedelta(days=days)
    assert observations_until(at(day), 0, ZONE) is None


def test_validity_ends_on_the_same_day_or_the_last_of_its_month():
    assert valid_until(at(date(2026, 8, 31)), 6, ZONE) == date(2027, 2, 28)
    assert valid_until(at(date(2026, 12, 15)), 12, ZONE) == date(2027, 12, 15)
    assert valid_until(at(date(2026, 12, 15)), None, ZONE) is None
