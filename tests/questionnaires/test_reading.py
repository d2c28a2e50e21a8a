"""Reading what was typed: every kind of answer, and every way to write it wrong."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import format_cents
from portal.core.text import clean_line, clean_text
from portal.questionnaires.rules import QuestionType, check_question, over_limit, parse_answer, stored_answer
from tests.factories.questionnaires import AREAS, make_question

T = QuestionType
ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=200)
RIGHT = [
    (T.TEXT, "  Un \t orto\u200b ", "Un orto"),
    (T.TEXT, "Caffe\u0301", "Caffé"),
    (T.TEXT, "\u202eotro nU", "otro nU"),
    (T.LONG_TEXT, "a\r\nb\rc\nd", "a\nb\nc\nd"),
    (T.LONG_TEXT, "{{ 7*7 }} '; DROP TABLE answer;--", "{{ 7*7 }} '; DROP TABLE answer;--"),
    (T.NUMBER, "1.250", 1250),
    (T.NUMBER, "0", 0),
    (T.MONEY, "1.234,50", 123450),
    (T.MONEY, "\u200b€\u00a01234,5", 123450),
    (T.MONEY, "0", 0),
    (T.YES_NO, "yes", True),
    (T.YES_NO, "no", False),
    (T.CHOICE, "city", "city"),
    (T.AREA, "liberta", "liberta"),
    (T.DATE, "2028-02-29", "2028-02-29"),
    (T.DATE, "1/3/2026", "2026-03-01"),
    (T.DECLARATION, "yes", True),
]
WRONG = [
    (T.TEXT, "a\0b"),
    (T.LONG_TEXT, "a\ud800b"),
    (T.NUMBER, "-1"),
    (T.NUMBER, "12,5"),
    (T.NUMBER, "NaN"),
    (T.NUMBER, "１２"),
    (T.NUMBER, "1e3"),
    (T.NUMBER, "9" * 13),
    (T.MONEY, "1234.50"),
    (T.MONEY, "12,345"),
    (T.MONEY, "-5,00"),
    (T.MONEY, "inf"),
    (T.MONEY, "１２,００"),
    (T.YES_NO, "forse"),
    (T.CHOICE, "liberta"),
    (T.AREA, "city"),
    (T.DATE, "29/02/2026"),
    (T.DATE, "31-04-2026"),
    (T.DATE, "domani"),
    (T.DATE, "2026-3-1"),
    (T.DATE, "01/01/0001"),
]


@pytest.mark.parametrize(("kind", "typed", "value"), RIGHT)
def test_a_right_answer_is_read(kind, typed, value):
    parsed = parse_answer(make_question(kind), typed, areas=AREAS)
    assert (parsed.value, parsed.fault) == (value, None)


@pytest.mark.parametrize(("kind", "typed"), WRONG)
def test_a_wrong_answer_keeps_what_was_typed_and_says_the_mend(app, kind, typed):
    question = make_question(kind)
    stored = stored_answer(question, typed, areas=AREAS)
    assert stored["value"] is None
    assert stored["fault"] is True
    assert stored["typed"] == clean_text(typed)
    with app.app_context():
        assert len(str(check_question(question, stored))) > 10


@pytest.mark.parametrize("kind", QuestionType)
@pytest.mark.parametrize("typed", [None, "", "   ", "\r\n\t", "\u200b\u202e", "\ufeff"])
def test_nothing_visible_is_no_answer(kind, typed):
    assert stored_answer(make_question(kind), typed, areas=AREAS) == {"value": None}


@given(st.sampled_from(QuestionType), ANY_TEXT)
def test_no_text_breaks_the_reader_and_all_of_it_can_be_stored(kind, typed):
    stored = stored_answer(make_question(kind), typed, areas=AREAS)
    kept = str(stored.get("typed", stored["value"]))
    assert "\0" not in kept
    assert kept.encode("utf-8")


@given(st.sampled_from(QuestionType), ANY_TEXT)
def test_reading_again_what_was_kept_changes_nothing(kind, typed):
    question = make_question(kind)
    stored = stored_answer(question, typed, areas=AREAS)
    if kind in (T.TEXT, T.LONG_TEXT) and isinstance(stored["value"], str):
        assert stored_answer(question, stored["value"], areas=AREAS) == stored


@given(ANY_TEXT)
def test_cleaning_is_idempotent_and_composed(typed):
    for clean in (clean_text, clean_line):
        once = clean(typed)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
    assert "\n" not in clean_line(typed)


@given(st.integers(0, 10**13))
def test_an_amount_that_is_shown_is_read_back(cents):
    assert parse_answer(make_question(T.MONEY), format_cents(cents), areas=()).value == cents


@given(st.lists(st.text("ab à", max_size=5), max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_three_line_ends_count_alike(lines, end):
    question = make_question(T.LONG_TEXT, max_chars=5)
    counted = over_limit(question, stored_answer(question, end.join(lines), areas=()))
    assert counted == over_limit(question, stored_answer(question, "\n".join(lines), areas=()))


def test_the_limit_counts_characters_not_bytes():
    question = make_question(T.TEXT, max_chars=4)
    assert over_limit(question, stored_answer(question, "èèèè", areas=())) == 0
    assert over_limit(question, stored_answer(question, "\N{PARTY POPPER}" * 5, areas=())) == 1
