"""The rules of checks before signing and of the sample, without a database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import AwardRules, CheckKind, GrantCheck
from portal.grants.checking.rules import (
    STANDARD,
    CheckOutcome,
    Found,
    Standing,
    checks_of,
    earliest,
    last_day,
    sample_of,
    standing_of,
)

TODAY = date(2026, 3, 2)
TEXT = {"it": "Verifica", "en": "Check"}
PLAIN = GrantCheck("plain", CheckKind.OTHER, TEXT)
SAMPLED = GrantCheck("sampled", CheckKind.DECLARATIONS, TEXT, sample=Decimal(20))
LARGE = GrantCheck("large", CheckKind.ANTIMAFIA, TEXT, above=Decimal(150_000))
POSITIVE, NEGATIVE = Found(CheckOutcome.POSITIVE), Found(CheckOutcome.NEGATIVE)
REFERENCES = st.lists(st.from_regex(r"VIV-2026-[0-9]{6}", fullmatch=True), unique=True, min_size=1, max_size=60)


def test_a_call_that_declares_nothing_keeps_the_three_checks_of_always_for_entities_alone():
    assert checks_of(AwardRules(), was_group=False) == STANDARD
    assert checks_of(AwardRules(), was_group=True) == ()
    assert checks_of(AwardRules(checks=[PLAIN]), was_group=True) == (PLAIN,)


@pytest.mark.parametrize(
    ("check", "found", "drawn", "cents", "expected"),
    [
        (PLAIN, None, None, 1, Standing.OPEN),
        (PLAIN, POSITIVE, None, 1, Standing.POSITIVE),
        (PLAIN, NEGATIVE, None, 1, Standing.NEGATIVE),
        (PLAIN, Found(CheckOutcome.NOT_DUE), None, 1, Standing.NOT_DUE),
        (PLAIN, Found(CheckOutcome.POSITIVE, TODAY), None, 1, Standing.POSITIVE),
        (PLAIN, Found(CheckOutcome.POSITIVE, date(2026, 3, 1)), None, 1, Standing.EXPIRED),
        (SAMPLED, None, None, 1, Standing.TO_DRAW),
        (SAMPLED, None, False, 1, Standing.NOT_DUE),
        (SAMPLED, NEGATIVE, False, 1, Standing.NEGATIVE),
        (SAMPLED, None, True, 1, Standing.OPEN),
        (LARGE, None, None, 15_000_000, Standing.NOT_DUE),
        (LARGE, None, None, 15_000_001, Standing.OPEN),
    ],
)
def test_where_a_check_stands(check, found, drawn, cents, expected):
    assert standing_of(check, found, cents=cents, drawn=drawn, today=TODAY) is expected


def test_evidence_holds_for_the_days_of_the_call_or_less_where_the_document_says_so():
    durc = GrantCheck("durc", CheckKind.DURC, TEXT, days_valid=120)
    assert last_day(durc, date(2026, 3, 2)) == date(2026, 6, 30)
    assert last_day(durc, date(2026, 3, 2), date(2026, 5, 1)) == date(2026, 5, 1)
    assert last_day(PLAIN, date(2026, 3, 2)) is None
    assert earliest([None, TODAY, date(2026, 6, 30)]) == TODAY
    assert earliest([None]) is None


@given(references=REFERENCES, share=st.decimals("0.01", "100", places=2), seed=st.text(min_size=1, max_size=20))
def test_a_sample_is_repeated_whatever_the_order_and_is_never_empty_nor_larger_than_the_share(references, share, seed):
    drawn = sample_of(references, share, seed)
    assert drawn == sample_of(references[::-1], share, seed)
    assert set(drawn) <= set(references)
    assert 1 <= len(drawn) <= len(references)
    assert (len(drawn) - 1) * 100 < len(references) * share <= len(drawn) * 100
