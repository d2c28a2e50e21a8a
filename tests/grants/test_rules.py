"""The pure part of grants: open steps, months, CUP, amounts in words."""

from datetime import UTC, date, datetime

import pytest

from portal.core.errors import IllegalMove, Invalid
from portal.grants.rules import (
    CLOSE,
    GrantFacts,
    GrantStatus,
    Need,
    clean_cup,
    end_of_day,
    local_day,
    months_after,
    needs,
    require,
)
from portal.grants.words import amount_in_words

NOTHING = {"is_recorded": False, "has_cup": False, "is_prepared": False, "is_signed": False, "is_published": True}


@pytest.mark.parametrize(
    ("status", "given", "expected"),
    [
        (GrantStatus.VERIFYING, {}, (Need.VERIFICATION, Need.CUP)),
        (GrantStatus.INCORPORATING, {"has_cup": True}, (Need.INCORPORATION_RECORD,)),
        (GrantStatus.INCORPORATING, {"has_cup": True, "is_recorded": True}, (Need.INCORPORATION_CONFIRM,)),
        (GrantStatus.READY, {"has_cup": True}, (Need.AGREEMENT_PREPARE,)),
        (GrantStatus.READY, {"has_cup": True, "is_prepared": True}, (Need.AGREEMENT_SIGN,)),
        (
            GrantStatus.READY,
            {"has_cup": True, "is_prepared": True, "is_signed": True, "is_published": False},
            (Need.PUBLICATION, Need.AGREEMENT_COUNTERSIGN),
        ),
        (GrantStatus.ACTIVE, {}, ()),
        (GrantStatus.RENOUNCED, {"is_published": False}, ()),
    ],
)
def test_the_open_steps_follow_from_the_facts(status, given, expected):
    assert needs(GrantFacts(status=status, **(NOTHING | given))) == expected


def test_months_end_with_the_month():
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 5), 1) == date(2027, 1, 5)


def test_a_day_ends_in_rome_also_when_clocks_change():
    assert end_of_day(date(2026, 3, 28)) == datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 29)) == datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)
    assert local_day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == date(2026, 3, 29)


def test_real_cups_are_taken_as_people_write_them():
    for code in ("F79D19000030007", "J99J22000960001", " c11g-06 00000.0001 "):
        assert len(clean_cup(code)) == 15
    with pytest.raises(Invalid):
        clean_cup("C11G0600000000")


def test_a_step_from_the_wrong_state_is_an_illegal_move():
    with pytest.raises(IllegalMove):
        require("record_cup", frozenset({GrantStatus.READY}), GrantStatus.ACTIVE)
    with pytest.raises(IllegalMove):
        CLOSE.apply(GrantStatus.ACTIVE)


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "zero/00"),
        (4_000_000, "quarantamila/00"),
        (123_450, "milleduecentotrentaquattro/50"),
        (2_180_821, "ventunomilaottocentootto/21"),
        (100_000_100, "unmilioneuno/00"),
        (12_800, "centoventotto/00"),
    ],
)
def test_amounts_in_words_are_those_of_deeds(cents, words):
    assert amount_in_words(cents) == words
