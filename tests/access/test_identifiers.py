"""Identifiers: what the forms take, and what both databases refuse whatever the application says."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from stdnum import luhn
from stdnum.it import codicefiscale

from portal.access.models.organisations import eleven_digits_checked, sixteen_characters_checked
from portal.access.rules.bank import masked_iban
from portal.access.rules.identifiers import valid_fiscal_code, valid_iban, valid_runts_number, valid_vat_number
from portal.core.errors import Invalid
from tests.factories.base import checked, make_organisation

IBAN = "IT60X0542811101000000123456"
WRONG_CIN = "IT64Y0542811101000000123456"


@pytest.mark.parametrize("code", ["01199250158", " 0119925 0158 ", "rssmra85t10a562s", "RSSMRA85T10A56NH"])
def test_a_right_fiscal_code_is_taken_however_it_is_typed(code):
    assert valid_fiscal_code(code) == code.replace(" ", "").upper()


@pytest.mark.parametrize("code", ["", "01199250159", "RSSMRA85T10A562T", "0119925015", "０1199250158", "a\x00b", "IT0"])
def test_a_wrong_fiscal_code_is_refused_with_the_mend(code):
    with pytest.raises(Invalid) as refusal:
        valid_fiscal_code(code)
    assert refusal.value.field == "fiscal_code"


@pytest.mark.parametrize("number", ["01199250158", "it 01199250158", " 0119 9250158"])
def test_a_right_partita_iva_is_taken_however_it_is_typed(number):
    assert valid_vat_number(number) == "01199250158"


@pytest.mark.parametrize("number", ["", "01199250159", "RSSMRA85T10A562S", "DE123456789", "0119925015８", "a\x00b"])
def test_a_wrong_partita_iva_is_refused_with_the_mend(number):
    with pytest.raises(Invalid) as refusal:
        valid_vat_number(number)
    assert refusal.value.field == "vat_number"


@pytest.mark.parametrize(("typed", "kept"), [("7", 7), ("0012345", 12345), (" 123.456 ", 123456), ("9999999", 9999999)])
def test_a_runts_number_has_one_to_seven_digits(typed, kept):
    assert valid_runts_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "0", "12345678", "-1", "1,5", "²", "RUNTS 7"])
def test_anything_else_is_no_runts_number(typed):
    with pytest.raises(Invalid) as refusal:
        valid_runts_number(typed)
    assert refusal.value.field == "runts_number"


@pytest.mark.parametrize("iban", [IBAN, "it60 x054 2811 1010 0000 0123 456", "DE89370400440532013000"])
def test_a_right_iban_is_taken_however_it_is_typed(iban):
    assert valid_iban(iban) == iban.replace(" ", "").upper()


@pytest.mark.parametrize("iban", ["", "IT60", WRONG_CIN, IBAN[:-1] + "7", "IT60Х0542811101000000123456", "'; DROP"])
def test_a_wrong_iban_is_refused_even_when_only_its_cin_is_wrong(iban):
    with pytest.raises(Invalid):
        valid_iban(iban)


def test_an_iban_is_masked():
    assert masked_iban(IBAN) == "IT60 **** 3456"


# ---- the last guard: the database ----


@pytest.fixture(scope="module")
def both(engines):
    """Each database."""
    return engines("sqlite"), engines("postgresql")


def _holds(engine, condition: str, codes: list[str]) -> list[bool]:
    """Whether the condition of a CHECK holds for each code, in one statement."""
    one = "SELECT {0} AS place, CAST(:c{0} AS VARCHAR(20)) AS code"
    rows = " UNION ALL ".join(one.format(place) for place in range(len(codes)))
    asked = text(f"SELECT CASE WHEN {condition} THEN 1 ELSE 0 END FROM ({rows}) AS given ORDER BY place")
    with engine.connect() as connection:
        found = connection.execute(asked, {f"c{place}": code for place, code in enumerate(codes)})
        return [bool(each) for each in found.scalars()]


LIKE_ELEVEN = st.one_of(
    st.integers(0, 10**10 - 1).map(checked),
    st.text("0123456789", min_size=11, max_size=11),
    st.text(string.printable.replace("\x00", ""), max_size=12),
)
LIKE_SIXTEEN = st.one_of(
    st.text(string.ascii_uppercase + string.digits, min_size=15, max_size=15).map(
        lambda first: first + codicefiscale.calc_check_digit(first)
    ),
    st.text(string.ascii_uppercase + string.digits, min_size=16, max_size=16),
    st.text(string.ascii_letters + string.digits + "à ", min_size=14, max_size=17),
)


@given(codes=st.lists(LIKE_ELEVEN, min_size=20, max_size=40))
def test_the_database_agrees_with_stdnum_on_eleven_digits(both, codes):
    right = [len(code) == 11 and code.isascii() and code.isdigit() and luhn.is_valid(code) for code in codes]
    for engine in both:
        assert _holds(engine, eleven_digits_checked("code"), codes) == right


def _is_sixteen(code: str) -> bool:
    plain = code.isascii() and code.isalnum() and code == code.upper() and len(code) == 16 and code[-1].isalpha()
    return plain and codicefiscale.calc_check_digit(code[:-1]) == code[-1]


@given(codes=st.lists(LIKE_SIXTEEN, min_size=10, max_size=20))
def test_the_database_agrees_with_stdnum_on_sixteen_characters(both, codes):
    for engine in both:
        assert _holds(engine, sixteen_characters_checked("code"), codes) == [_is_sixteen(code) for code in codes]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("fiscal_code", "01199250159"), ("fiscal_code", "0119925015"), ("fiscal_code", "RSSMRA85T10A562T"),
        ("fiscal_code", "rssmra85t10a562s"), ("fiscal_code", "AAAAAAAAAAAAAAAA"), ("fiscal_code", ""),
        ("vat_number", "01199250159"), ("vat_number", "RSSMRA85T10"), ("vat_number", "0119925015x"),
        ("runts_number", 0), ("runts_number", -7), ("runts_number", 10_000_000),
    ],
)  # fmt: skip
def test_the_database_refuses_a_wrong_identifier(session, now, column, value):
    organisation = make_organisation(session, now=now)
    with pytest.raises(IntegrityError, match=column), session.begin_nested():
        session.execute(text(f"UPDATE organisation SET {column} = :value WHERE id = :id").bindparams(
            value=value, id=_raw(session, organisation.id)
        ))  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("fiscal_code", "01199250158"), ("fiscal_code", "RSSMRA85T10A562S"), ("vat_number", "01199250158"),
        ("runts_number", 7),
    ],
)  # fmt: skip
def test_a_group_has_none_of_them(session, now, column, value):
    entity, group = make_organisation(session, now=now), make_organisation(session, now=now, informal=True)
    change = f"UPDATE organisation SET {column} = :value WHERE id = :id"
    session.execute(text(change).bindparams(value=value, id=_raw(session, entity.id)))
    with pytest.raises(IntegrityError, match="only_legal_entities_have_identifiers"), session.begin_nested():
        session.execute(text(change).bindparams(value=value, id=_raw(session, group.id)))


def _raw(session, key):
    """A key as the engine stores it."""
    return key.hex if session.get_bind().dialect.name == "sqlite" else key
