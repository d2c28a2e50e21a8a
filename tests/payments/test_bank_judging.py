"""Whatever order the bank's messages come in, and however often: the same end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.payments.bank.judging import Effect, Judgement, LineSeen, judge
from portal.payments.bank.rules import Outcome, Said, Trouble
from portal.payments.bank.told import Told

MADE, TODAY = date(2026, 3, 2), date(2026, 3, 9)
LINE = LineSeen(amount_cents=800_000, made_on=MADE, paid_on=None, has_failed=False)
PAID_LINE = replace(LINE, paid_on=MADE, heard=frozenset({Said.PAID}))


def told(said: Said, day: date | None = MADE, cents: int | None = 800_000, *, euro: bool = True) -> Told:
    return Told(said, "", "E2E", amount_cents=cents, day=day, is_euro=euro)


def ended(messages: list[Told]) -> tuple[date | None, bool, int]:
    """The day on which it counts as paid, whether it failed, how many questions stay open."""
    line, said, asked, contradictions = LINE, set(), 0, 0
    for each in messages:
        if each.fingerprint in said:
            continue
        said.add(each.fingerprint)
        found = judge(each, line, TODAY)
        if found.effect in (Effect.PAY, Effect.MEND_DAY):
            line = replace(line, paid_on=each.day)
        elif found.effect is Effect.FAIL:
            line = replace(line, has_failed=True)
        if found.outcome is not Outcome.QUARANTINED or found.trouble is Trouble.CONTRADICTS:
            line = replace(line, heard=line.heard | {each.said})
        contradictions += found.trouble is Trouble.CONTRADICTS
        asked += found.outcome is Outcome.QUARANTINED and found.trouble is not Trouble.CONTRADICTS
        contradictions = 0 if found.explains else contradictions
    return (line.paid_on if line.is_paid else None), line.has_failed, asked + contradictions


DAYS = st.integers(-2, 9).map(lambda days: MADE + timedelta(days=days))
MESSAGES = st.builds(told, st.sampled_from(Said), DAYS, st.sampled_from([800_000, 800_000, 800_000, None, 799_999]))


@settings(max_examples=max(300, settings().max_examples))
@given(st.lists(MESSAGES, max_size=7), st.data())
def test_any_order_and_any_repetition_lead_to_the_same_end(messages, data):
    again = messages + (data.draw(st.lists(st.sampled_from(messages), max_size=4)) if messages else [])
    assert ended(data.draw(st.permutations(again))) == ended(messages)


@pytest.mark.parametrize(
    ("messages", "end"),
    [
        ([Said.WAITING, Said.PAID, Said.WAITING], (MADE, False, 0)),
        ([Said.PAID, Said.RETURNED], (None, True, 0)),
        ([Said.RETURNED, Said.PAID], (None, True, 0)),
        ([Said.WAITING, Said.REFUSED, Said.WAITING], (None, True, 0)),
        ([Said.REFUSED, Said.PAID], (None, True, 1)),
        ([Said.PAID, Said.REFUSED], (None, True, 1)),
        ([Said.PAID, Said.REFUSED, Said.RETURNED], (None, True, 0)),
        ([Said.RETURNED, Said.REFUSED, Said.PAID], (None, True, 0)),
    ],
)
def test_what_was_paid_goes_further_and_never_back(messages, end):
    assert ended([told(each) for each in messages]) == end


def test_the_earliest_day_counts():
    days = [told(Said.PAID, MADE + timedelta(days=2)), told(Said.PAID, MADE)]
    assert ended(days) == ended(days[::-1]) == (MADE, False, 0)


@pytest.mark.parametrize(
    ("message", "line", "expected"),
    [
        (told(Said.PAID), None, Judgement(Outcome.QUARANTINED, Trouble.UNKNOWN)),
        (told(Said.WAITING), None, Judgement(Outcome.QUARANTINED, Trouble.UNKNOWN)),
        (told(Said.CREDITED), None, Judgement(Outcome.IGNORED)),
        (told(Said.CREDITED), LINE, Judgement(Outcome.QUARANTINED, Trouble.UNCLEAR)),
        (told(Said.UNCLEAR), LINE, Judgement(Outcome.QUARANTINED, Trouble.UNCLEAR)),
        (told(Said.PAID, cents=1), LINE, Judgement(Outcome.QUARANTINED, Trouble.AMOUNT)),
        (told(Said.PAID, euro=False), LINE, Judgement(Outcome.QUARANTINED, Trouble.AMOUNT)),
        (told(Said.RETURNED, cents=1), PAID_LINE, Judgement(Outcome.QUARANTINED, Trouble.AMOUNT)),
        (told(Said.PAID, MADE - timedelta(days=1)), LINE, Judgement(Outcome.QUARANTINED, Trouble.DAY)),
        (told(Said.PAID, TODAY + timedelta(days=1)), LINE, Judgement(Outcome.QUARANTINED, Trouble.DAY)),
        (told(Said.PAID, None), LINE, Judgement(Outcome.QUARANTINED, Trouble.DAY)),
        (told(Said.PAID), replace(LINE, is_own=True), Judgement(Outcome.QUARANTINED, Trouble.OWN)),
        (told(Said.PAID), PAID_LINE, Judgement(Outcome.ALREADY)),
        (told(Said.PAID, cents=None), LINE, Judgement(Outcome.APPLIED, effect=Effect.PAY)),
    ],
)
def test_what_cannot_be_done_by_itself_waits_for_a_person(message, line, expected):
    assert judge(message, line, TODAY) == expected
