"""What holds a payment, whose move it is, in which month it is expected: rules alone."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import GateName
from portal.payments.day.labels import STEP, WHOSE, mend_label, reason_label
from portal.payments.day.rules import Expected, Step, Whose, by_month, held_by, whose
from portal.payments.day.waiting import WAITING
from portal.payments.gates import INTERPRETERS
from portal.payments.rules import TrancheStatus

TODAY = date(2026, 3, 2)


def test_an_approved_tranche_whose_conditions_hold_can_be_paid():
    assert held_by(TrancheStatus.APPROVED, [], grant_moves=True) is None
    assert held_by(TrancheStatus.FAILED, [], grant_moves=True) is None


def test_what_stands_still_comes_before_a_condition_and_that_before_the_next_step():
    gates = [GateName.DURC, GateName.CUP]
    assert held_by(TrancheStatus.APPROVED, gates, grant_moves=False) is Step.HALTED
    assert held_by(TrancheStatus.PROPOSED, gates, grant_moves=True) is GateName.DURC
    assert held_by(TrancheStatus.PROPOSED, [], grant_moves=True) is Step.TO_APPROVE
    assert held_by(TrancheStatus.ORDERED, gates, grant_moves=False) is Step.WITH_THE_BANK


def test_every_reason_has_words_a_mend_and_somebody_whose_move_it_is(app):
    with app.test_request_context():
        for reason in (*Step, *INTERPRETERS):
            assert reason_label(reason)
            assert mend_label(reason)
            assert whose(reason) in WHOSE
    assert set(STEP) == set(Step)
    assert whose(GateName.MILESTONES_ACCEPTED) is Whose.RECIPIENT
    assert whose(GateName.DURC) is Whose.OFFICE


@given(st.sampled_from(WAITING), st.booleans())
def test_every_waiting_state_waits_for_something_or_can_be_paid(status, moves):
    reason = held_by(status, [], grant_moves=moves)
    assert (reason is None) == (moves and status in (TrancheStatus.APPROVED, TrancheStatus.FAILED))


def test_a_tranche_that_was_asked_for_is_expected_by_its_term_and_never_in_the_past():
    assert Expected(date(2026, 5, 1), date(2026, 1, 1), 80, 1).on(TODAY) == date(2026, 5, 1)
    assert Expected(date(2026, 1, 1), None, 80, 1).on(TODAY) == TODAY


def test_a_planned_one_counts_from_its_day_with_the_whole_term():
    assert Expected(None, date(2026, 6, 30), 30, 1).on(TODAY) == date(2026, 7, 30)
    assert Expected(None, None, 30, 1).on(TODAY) == date(2026, 4, 1)


@given(
    st.lists(
        st.builds(
            Expected, st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1)),
            st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 200), st.integers(1, 10**9),
        )
    ),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)  # fmt: skip
def test_no_cent_of_the_forecast_is_lost_or_counted_twice(rows, today):
    months, beyond = by_month(rows, today)
    assert sum(cents for _first, cents in months) + beyond == sum(row.cents for row in rows)
    firsts = [first for first, _cents in months]
    assert len(firsts) == 12
    assert firsts[0] == today.replace(day=1)
    assert all(first.day == 1 and timedelta(27) < after - first < timedelta(32)
               for first, after in pairwise(firsts))  # fmt: skip
