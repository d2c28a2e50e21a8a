"""Amounts are read one way only, written as people write them, and shared to the cent."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.core.money import format_cents, parse_amount, share, split_cents

LARGEST = 999_999_999_999_99


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123450),
        ("1234,50", 123450),
        ("1234", 123400),
        ("1.234.567", 123456700),
        ("€ 12,00", 1200),
        ("EUR 5", 500),
        ("eur5", 500),
        ("5 euro", 500),
        ("12,5 €", 1250),
        ("12.000", 1200000),
        ("0", 0),
        ("0,05", 5),
        ("  40.000,00\n", 4000000),
        ("12\u00a0000,50", 1200050),
        ("1\u202f234\u202f567", 123456700),
        ("999999999999,99", LARGEST),
    ],
)
def test_an_amount_is_read_as_written_in_italy(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u00a0",
        "abc",
        "€",
        "1,2,3",
        "1..2",
        ".",
        ",",
        "5,",
        ",5",
        "1 2",
        "1 234",
        "12 ,50",
        "1. 234",
        "1.2345,00",
        "1234.567,00",
        "1.234\u00a0567",
        "0.123",
        "007",
        "00,50",
        "12,345",
        "12,3456",
        "1.234,5.0",
        "-5",
        "\u22125",
        "+5",
        "--5",
        "(5)",
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "-inf",
        "1e3",
        "0x10",
        "1_000",
        "1'000",
        "\uff11\uff12",
        "\u0661\u0662",
        "\u00bd",
        "12\u200b",
        "12\x00",
        "\ud800",
        "$ 5",
        "€ 5 €",
        "€€5",
        "1000000000000",
        "1" * 5000,
        "9" * 1_000_000,
    ],
)
def test_what_is_not_one_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_amount(text, field="amount")
    assert refusal.value.field == "amount"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1234.50", "1234,50"),
        ("1,234.50", "1.234,50"),
        ("1,234", "1.234"),
        ("0.5", "0,5"),
        ("1,234,567.89", "1.234.567,89"),
    ],
)
def test_an_amount_in_english_writing_is_refused_with_the_way_to_write_it(text: str, meant: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_amount(text)
    assert meant in str(refusal.value.message)
    parse_amount(meant)


@pytest.mark.parametrize("text", ["-12,00", "\u221212", "€ -12,00", "-€ 12", "-12 EUR"])
def test_a_negative_amount_is_read_only_where_allowed(text: str) -> None:
    assert parse_amount(text, allow_negative=True) == -1200
    with pytest.raises(Invalid):
        parse_amount(text)


@pytest.mark.parametrize("text", ["--12", "-€-12"])
def test_two_minus_signs_are_refused_even_where_negatives_are_allowed(text: str) -> None:
    with pytest.raises(Invalid):
        parse_amount(text, allow_negative=True)


@given(st.text(max_size=80))
def test_any_text_gives_an_amount_or_a_refusal(text: str) -> None:
    try:
        cents = parse_amount(text)
    except Invalid:
        return
    assert 0 <= cents <= LARGEST


@given(st.text(alphabet="0123456789.,- €", max_size=20))
def test_an_accepted_amount_is_its_digits_and_nothing_else(text: str) -> None:
    try:
        cents = parse_amount(text)
    except Invalid:
        return
    plain = text.replace(".", "").replace("€", "").replace(",", ".").strip()
    assert cents == Fraction(plain) * 100


@pytest.mark.parametrize(
    ("cents", "italian", "english"),
    [
        (0, "0,00", "0.00"),
        (5, "0,05", "0.05"),
        (123450, "1.234,50", "1,234.50"),
        (-123456789, "-1.234.567,89", "-1,234,567.89"),
        (-5, "-0,05", "-0.05"),
    ],
)
def test_an_amount_is_written_for_its_reader(cents: int, italian: str, english: str) -> None:
    assert format_cents(cents) == italian
    assert format_cents(cents, "en") == english


@given(st.integers(min_value=-LARGEST, max_value=LARGEST))
def test_what_is_written_in_italian_is_read_back(cents: int) -> None:
    assert parse_amount(format_cents(cents), allow_negative=True) == cents


@pytest.mark.parametrize(
    ("cents", "basis_points", "expected"),
    [(10000, 9000, 9000), (1, 5000, 1), (1, 4999, 0), (-1, 5000, -1), (333, 3333, 111), (0, 10000, 0)],
)
def test_a_share_rounds_halves_up(cents: int, basis_points: int, expected: int) -> None:
    assert share(cents, basis_points) == expected


@given(st.integers(min_value=0, max_value=LARGEST), st.integers(min_value=0, max_value=10_000))
def test_a_share_is_within_half_a_cent(cents: int, basis_points: int) -> None:
    difference = share(cents, basis_points) - Fraction(cents * basis_points, 10_000)
    assert Fraction(-1, 2) < difference <= Fraction(1, 2)
    assert share(-cents, basis_points) == -share(cents, basis_points)


def test_a_cent_left_over_goes_to_the_largest_fraction_then_to_the_earlier_part() -> None:
    assert split_cents(100, [1, 1, 1]) == [34, 33, 33]
    assert split_cents(100, [1, 5]) == [17, 83]
    assert split_cents(10, [0, 1, 2]) == [0, 3, 7]
    assert split_cents(-100, [1, 1, 1]) == [-34, -33, -33]


@given(
    st.integers(min_value=-LARGEST, max_value=LARGEST),
    st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=20).filter(any),
)
def test_parts_add_up_and_stay_within_a_cent_of_their_share(total: int, weights: list[int]) -> None:
    parts = split_cents(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_parts_need_a_positive_weight_and_no_negative_one(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_cents(100, weights)
