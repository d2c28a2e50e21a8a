"""Wall time in a zone names one instant, or is refused (P2, domain §5.10)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules.times import NoSuchTime, instant_of, last_instant, wall_time

ZONES = ["Europe/Rome", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
WALLS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31))


@given(WALLS, st.sampled_from(ZONES))
def test_a_wall_time_that_is_taken_comes_back_as_it_was(wall, zone):
    try:
        instant = instant_of(wall, zone)
    except NoSuchTime:
        return
    assert instant.tzinfo is UTC
    assert wall_time(instant, zone) == wall


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_an_instant_is_found_again_unless_its_hour_is_doubled(instant, zone):
    wall = wall_time(instant, zone)
    hour = timedelta(hours=1)
    doubled = wall in {wall_time(instant + hour, zone), wall_time(instant - hour, zone)}
    half = wall in {wall_time(instant + hour / 2, zone), wall_time(instant - hour / 2, zone)}
    if doubled or half:
        with pytest.raises(NoSuchTime, match="twice"):
            instant_of(wall, zone)
    else:
        assert instant_of(wall, zone) == instant


@given(WALLS, st.sampled_from(ZONES))
def test_only_hours_near_a_change_of_offset_are_refused(wall, zone):
    try:
        instant_of(wall, zone)
    except NoSuchTime:
        near = [wall_time(wall.replace(tzinfo=UTC) + timedelta(hours=h), zone) for h in (-26, 26)]
        assert near[1] - near[0] != timedelta(hours=52)


@pytest.mark.parametrize(
    ("wall", "why"),
    [
        (datetime(2026, 10, 25, 2, 30), "comes twice"),
        (datetime(2026, 10, 25, 2, 0), "comes twice"),
        (datetime(2027, 3, 28, 2, 30), "does not exist"),
        (datetime(2027, 3, 28, 2, 0), "does not exist"),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "without an offset"),
    ],
)
def test_an_hour_without_one_meaning_is_refused(wall, why):
    with pytest.raises(NoSuchTime, match=why):
        instant_of(wall, "Europe/Rome")


def test_the_hours_around_a_change_are_taken():
    assert instant_of(datetime(2026, 10, 25, 1, 59), "Europe/Rome") == datetime(2026, 10, 24, 23, 59, tzinfo=UTC)
    assert instant_of(datetime(2026, 10, 25, 3, 0), "Europe/Rome") == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
    assert instant_of(datetime(2027, 3, 28, 3, 0), "Europe/Rome") == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Rome", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(NoSuchTime):
        instant_of(datetime(2026, 3, 2, 9, 0), zone)


def test_grace_moves_the_last_instant_only():
    closes = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    assert last_instant(closes, 0) == closes
    assert last_instant(closes, 59) == closes + timedelta(seconds=59)
