"""Terms to appeal, beside a count of one day after the other that shares nothing with the portal's."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.evaluation.terms import remedies_from

FIXED = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}
EASTERS = {
    2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21),
    2031: (4, 13), 2032: (3, 28), 2033: (4, 17), 2034: (4, 9), 2035: (3, 25), 2036: (4, 13), 2037: (4, 5),
}  # fmt: skip
"""As the calendars print them."""
DAYS = st.dates(date(2024, 1, 1), date(2037, 1, 31))
ONE = timedelta(days=1)


def is_red(day: date) -> bool:
    """Printed in red: Sundays, national holidays, Easter Monday, from 2026 Saint Francis."""
    saint = day.year >= 2026 and (day.month, day.day) == (10, 4)
    is_easter_monday = day - ONE == date(day.year, *EASTERS[day.year])
    return day.weekday() == 6 or (day.month, day.day) in FIXED or saint or is_easter_monday


def slowly(day: date, days: int, *, of_the_court: bool) -> date:
    """Tear off a leaf a day: in August the court's count stands still; on a red last leaf one waits for the next."""
    counted = 0
    while counted < days:
        day += ONE
        if of_the_court and day.month == 8:
            continue
        counted += 1
    while is_red(day) or (of_the_court and (day.weekday() == 5 or day.month == 8)):
        day += ONE
    return day


@given(DAYS)
def test_the_last_days_are_those_of_a_slow_count(day):
    found = remedies_from(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
    assert found.since == day
    assert found.court == slowly(day, 60, of_the_court=True)
    assert found.president == slowly(day, 120, of_the_court=False)


def test_every_day_of_a_year_around_august_is_counted_alike():
    for number in range(366):
        day = date(2026, 1, 1) + number * ONE
        found = remedies_from(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
        assert found.court == slowly(day, 60, of_the_court=True)
        assert found.president == slowly(day, 120, of_the_court=False)


def test_a_publication_shortly_before_midnight_counts_by_romes_calendar():
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert remedies_from(late).since == date(2026, 7, 1)
