"""How urgent a step is, in the words of the desk, and in which order they stand."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.desk.labels import due_words
from portal.desk.rules import most_urgent_first, urgency
from portal.notices.rules import DueStep

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TERMS = [
    (None, "later", None),
    (timedelta(days=-3), "overdue", "in ritardo di 3 giorni"),
    (timedelta(days=-1), "overdue", "in ritardo di 1 giorno"),
    (timedelta(minutes=-1), "overdue", "in ritardo da oggi"),
    (timedelta(minutes=1), "today", "oggi"),
    (timedelta(hours=13, minutes=59), "today", "oggi"),
    (timedelta(hours=14), "soon", "domani"),
    (timedelta(days=3), "soon", "fra 3 giorni"),
    (timedelta(days=4), "later", "fra 4 giorni"),
]


@pytest.mark.parametrize(("left", "level", "words"), TERMS)
def test_a_term_is_told_by_the_days_of_rome(app, left, level, words):
    found = urgency(None if left is None else NOW + left, NOW)
    with app.app_context():
        assert (found.level, due_words(found)) == (level, words)


def test_the_night_when_clocks_change_has_no_day_more():
    before = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    assert urgency(datetime(2026, 3, 29, 21, 30, tzinfo=UTC), before).days == 1


def test_terms_come_first_and_the_rest_keeps_its_order():
    late, soon = NOW - timedelta(days=1), NOW + timedelta(days=1)
    given = [("a", None), ("b", soon), ("c", None), ("d", late), ("e", soon)]
    steps = [DueStep(what=what, button="x", path="/", by=by) for what, by in given]
    assert [step.what for step in most_urgent_first(steps)] == ["d", "b", "e", "a", "c"]
