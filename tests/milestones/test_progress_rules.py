"""The course of a plan: how much is done, how far days are apart, where they stand on the drawing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.counts import format_count, parse_count
from portal.core.errors import Invalid
from portal.milestones.progress.axis import LEFT, MOST_TICKS, WIDTH, drawing_of
from portal.milestones.progress.rules import Course, Reached, progress_of

DAYS = st.dates(date(2026, 1, 1), date(2031, 1, 1))
COURSES = st.lists(
    st.builds(Course, st.integers(1, 9), st.just("Avvio"), DAYS, DAYS, st.none() | DAYS, st.none() | DAYS,
              st.integers(0, 100)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(COURSES, DAYS)
def test_progress_is_a_share_of_the_whole_and_wants_more_as_days_go_by(courses, today):
    now, later = progress_of(courses, today), progress_of(courses, today + timedelta(days=90))
    assert 0 <= now.done <= 100
    assert 0 <= now.wanted <= later.wanted <= 100
    assert now.done == later.done
    assert progress_of(courses, date(2032, 1, 1)).wanted == 100


@given(COURSES, DAYS, DAYS)
def test_every_day_stands_within_the_drawing_in_its_order(courses, starts_on, today):
    drawing = drawing_of(courses, starts_on, today)
    assert len(drawing.rows) == len(courses)
    for row in drawing.rows:
        assert LEFT <= min(row.first, row.planned, row.last) <= max(row.first, row.planned, row.last) <= LEFT + WIDTH
        assert (row.first <= row.last) == (row.course.first_on <= row.course.last_on) or row.first == row.last
        assert row.y < drawing.height
    assert 1 < len(drawing.ticks) <= MOST_TICKS + 1
    assert [x for x, _ in drawing.ticks] == sorted(x for x, _ in drawing.ticks)


def test_weights_count_and_without_them_every_milestone_counts_the_same():
    done = Course(1, "Avvio", date(2026, 5, 2), date(2026, 5, 2), done_on=date(2026, 5, 9), weight=20)
    open_ = Course(2, "Chiusura", date(2026, 9, 2), date(2026, 9, 2), weight=80)
    assert progress_of([done, open_], date(2026, 6, 1)).done == 20
    bare = [Course(1, "A", date(2026, 5, 2), date(2026, 5, 2), done_on=date(2026, 5, 2)), open_, open_]
    assert progress_of([Course(1, "A", each.first_on, each.planned_on, done_on=each.done_on) for each in bare],
                       date(2026, 6, 1)).done == 33  # fmt: skip


def test_a_course_is_late_by_what_happened_before_what_is_expected_before_what_is_planned():
    first, planned = date(2026, 5, 2), date(2026, 5, 12)
    assert Course(1, "A", first, planned).days == 10
    assert Course(1, "A", first, planned, expected_on=date(2026, 6, 1)).days == 30
    assert Course(1, "A", first, planned, expected_on=date(2026, 6, 1), done_on=first).days == 0


@given(st.integers(0, 10**12))
def test_a_count_is_read_as_it_is_written(hundredths):
    assert parse_count(format_count(hundredths)) == hundredths


@pytest.mark.parametrize(("written", "hundredths"), [("60", 6000), ("12,5", 1250), ("1.200", 120000), ("0", 0)])
def test_counts_are_written_as_in_italy(written, hundredths):
    assert parse_count(written) == hundredths


@pytest.mark.parametrize("written", ["", "molte", "-3", "1.5"])
def test_what_is_no_number_names_its_field(written):
    with pytest.raises(Invalid) as refused:
        parse_count(written, "reached_people")
    assert refused.value.field == "reached_people"


def test_what_was_reached_is_a_share_of_what_was_promised():
    assert Reached("Persone", "", 6000, 4800).share == 80
    assert Reached("Persone", "", 6000, 6600).share == 110
    assert Reached("Persone", "", 6000).share is None
