"""Reading answers of several parts and identifiers: every kind, every way to write it wrong, and the way back."""

import random
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.core.municipalities import municipalities, municipalities_like, municipalities_named
from portal.core.text import REPLACEMENT
from portal.questionnaires.rules import (
    Form,
    Ground,
    QuestionType,
    check_question,
    fault_of,
    parse_answer,
    refusal_of,
    row_faults,
    stored_answer,
    typed_of,
    where_is,
)
from portal.questionnaires.rules.checking import missing_cells
from portal.questionnaires.rules.geometry import distance, lies_in
from tests.factories.questionnaires import (
    ADDRESS,
    AREAS,
    COMPLETE,
    FILE,
    RICH,
    make_question,
    make_rich_sections,
    make_sections,
    make_table,
)

T = QuestionType
FORM = Form([*make_sections(), *make_rich_sections()])
TABLE = FORM.by_key["costs"]
STORED = {
    "the_percentage": 1250,
    "the_choices": ["home", "street"],
    "the_fiscal_code": "RSSMRA85T10A562S",
    "the_vat_number": "01199250158",
    "the_iban": "IT60X0542811101000000123456",
    "the_cup": "F79D19000030007",
    "the_address": {"street": "Via Sparano", "number": "10", "postcode": "70121", "municipality": "072006"},
    "the_place": {"lat": 41.1221, "lon": 16.8569},
    "the_files": [FILE | {"size": 9}],
    "the_people": [{"name": "Rosa", "born_on": "1990-02-01", "gender": "undisclosed"}, {"name": "Ugo"}],
    "costs": [{"item": "Legno", "quantity": "2.5", "unit_cost": 1010}, {"item": "Viti"}],
    "the_group": [{"the_text": "a", "the_number": 3, "the_area": "liberta", "the_choice": "city"}],
}


def read(question, typed):
    """What is kept of what was typed."""
    return stored_answer(question, typed, areas=AREAS)


@pytest.mark.parametrize("key", RICH)
def test_a_right_answer_is_read_and_written_back(key):
    question = FORM.by_key[key]
    stored = read(question, RICH[key])
    assert stored == {"value": STORED[key]}
    assert check_question(question, stored) is None
    assert read(question, typed_of(question, stored)) == stored


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (make_question(T.NUMBER, decimals=2), "1.250,50", "1250.5"),
        (make_question(T.NUMBER, decimals=2), "7", "7"),
        (make_question(T.NUMBER, minimum=-5), "-3", -3),
        (make_question(T.NUMBER, minimum=-5), "-0", 0),
        (make_question(T.MONEY, minimum=-5), "-1,50", -150),
        (make_question(T.NUMBER), "3,0", 3),
        (make_question(T.PERCENTAGE), "100%", 10000),
        (make_question(T.FISCAL_CODE), "RSSMRA85T10A56NH", "RSSMRA85T10A56NH"),
        (make_question(T.FISCAL_CODE), "rss mra 85t1l a562v", "RSSMRA85T1LA562V"),
        (make_question(T.FISCAL_CODE), "80015010723", "80015010723"),
        (make_question(T.ADDRESS), ADDRESS | {"number": "", "municipality": "livo (tn)"}, None),
        (make_question(T.PLACE), {"lat": "-33,8", "lon": "+151.2093"}, {"lat": -33.8, "lon": 151.2093}),
    ],
)
def test_other_ways_to_write_it_are_read(question, typed, value):
    parsed = parse_answer(question, typed, areas=AREAS)
    assert parsed.fault is None
    assert value is None or parsed.value == value


CHOICES = FORM.by_key["the_choices"]
WRONG = [
    (make_question(T.NUMBER, decimals=2), "1,255"),
    (make_question(T.NUMBER, decimals=2), "12.5"),
    (make_question(T.NUMBER, decimals=2), "1e3"),
    (make_question(T.NUMBER, decimals=2), "NaN"),
    (make_question(T.NUMBER, decimals=2), "１２"),
    (make_question(T.NUMBER, decimals=2), "-1"),
    (make_question(T.PERCENTAGE), "12,345"),
    (make_question(T.PERCENTAGE), "12%%"),
    (make_question(T.FISCAL_CODE), "RSSMRA85T10A562T"),
    (make_question(T.FISCAL_CODE), "RSSMRA85T99A562S"),
    (make_question(T.VAT_NUMBER), "01199250159"),
    (make_question(T.IBAN), "IT64Y0542811101000000123456"),
    (make_question(T.IBAN), "DE00"),
    (make_question(T.CUP), "F79D1900003000"),
    (CHOICES, ["home", "mars"]),
    (CHOICES, {"home": "yes"}),
    (make_question(T.TEXT), ["a", "list"]),
    (make_question(T.NUMBER), {"a": "1"}),
    (make_question(T.ADDRESS), "Via Sparano 10"),
    (make_question(T.ADDRESS), ADDRESS | {"street": " "}),
    (make_question(T.ADDRESS), ADDRESS | {"postcode": "7012"}),
    (make_question(T.ADDRESS), ADDRESS | {"municipality": "Atlantide"}),
    (make_question(T.ADDRESS), ADDRESS | {"municipality": "Livo"}),
    (make_question(T.ADDRESS), ADDRESS | {"street": "Via\0"}),
    (make_question(T.PLACE), {"lat": "91", "lon": "0"}),
    (make_question(T.PLACE), {"lat": "41,1", "lon": ""}),
    (make_question(T.PLACE), {"lat": "nan", "lon": "inf"}),
    (make_question(T.FILES), [{"id": "x", "name": "a.pdf", "size": "1"}]),
    (make_question(T.FILES), ["a.pdf"]),
    (TABLE, "Legno"),
]


@pytest.mark.parametrize(("question", "typed"), WRONG)
def test_a_wrong_answer_keeps_what_was_typed_and_says_the_mend(app, question, typed):
    stored = read(question, typed)
    assert (stored["value"], stored["fault"]) == (None, True)
    assert stored["typed"]
    with app.app_context():
        assert len(str(fault_of(question, stored))) > 10


def test_a_cell_that_cannot_be_read_stays_as_typed_beside_the_others(app):
    typed = [{"item": "Legno", "quantity": "2,55"}, {"quantity": " "}, {"unit_cost": "1234.50", "quantity": "1"}]
    stored = read(TABLE, typed)
    assert stored["value"] == [{"item": "Legno"}, {"quantity": "1"}]
    assert stored["typed"] == {"0": {"quantity": "2,55"}, "1": {"unit_cost": "1234.50"}}
    assert [(fault.row, fault.column.key) for fault in row_faults(TABLE, stored)] == [(0, "quantity"), (1, "unit_cost")]
    assert [(fault.row, fault.column.key) for fault in missing_cells(TABLE, stored)] == [(1, "item")]
    assert read(TABLE, typed_of(TABLE, stored)) == stored
    with app.app_context():
        message = str(fault_of(TABLE, stored))
    assert "1" in message
    assert "Quantità" in message


def test_a_missing_cell_keeps_the_rows_from_being_sent_and_names_its_place(app):
    stored = read(TABLE, [{"item": "Legno"}, {"quantity": "1"}])
    assert fault_of(TABLE, stored) is None
    with app.app_context():
        assert "2" in str(check_question(TABLE, stored))
        assert "Voce" in str(check_question(TABLE, stored))


def test_rows_have_a_least_and_a_most():
    table = make_table(min_rows=2, max_rows=3, required=True)
    rows = [{"item": str(number)} for number in range(4)]
    assert check_question(table, read(table, [])) is not None
    assert check_question(table, read(table, rows[:1])) is not None
    assert fault_of(table, read(table, rows[:1])) is None
    assert check_question(table, read(table, rows[:2])) is None
    assert fault_of(table, read(table, rows)) is not None


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        (TABLE, [{"item": "x"}] * 201),
        (TABLE, [{"item": "x" * 2000}] * 150),
        (make_question(T.ADDRESS), ADDRESS | {"street": "x" * 60_000}),
        (CHOICES, ["x" * 60_000]),
    ],
)
def test_what_is_too_large_even_for_a_draft_is_refused(question, typed):
    assert refusal_of(question, typed) is not None
    assert refusal_of(question, typed[:1] if isinstance(typed, list) and len(typed) > 1 else {}) is None


def test_what_is_computed_is_never_read():
    assert read(TABLE, [{"cost": "5,00"}]) == {"value": None}


TEXTS = st.one_of(st.sampled_from(["", "1", "1,5", "yes", "city", "liberta", "2026-01-01", "a\0"]), st.text(max_size=8))
PARTS = st.sampled_from(["street", "lat", "lon", "item", "name", "the_text", "postcode", "id", "size"])
MAPPINGS = st.dictionaries(PARTS, TEXTS, max_size=4)
TYPED = st.one_of(TEXTS, st.lists(TEXTS, max_size=3), st.lists(MAPPINGS, max_size=3), MAPPINGS)


@given(st.sampled_from(FORM.questions), TYPED)
def test_nothing_typed_breaks_the_reader_and_reading_again_changes_nothing(question, typed):
    stored = read(question, typed)
    check_question(question, stored)
    assume(REPLACEMENT not in str(stored))  # it could not be kept as it was typed
    assert read(question, typed_of(question, stored)) == stored


CODES = random.Random(4)


@pytest.mark.parametrize("kind", [T.FISCAL_CODE, T.VAT_NUMBER, T.IBAN, T.CUP])
def test_no_code_breaks_its_check(kind):
    for _again in range(300):
        length = CODES.choice([11, 15, 16, 27])
        signs = string.digits if CODES.random() < 0.4 else string.ascii_uppercase + string.digits
        typed = "".join(CODES.choice(signs) for _sign in range(length))
        assert read(make_question(kind), typed).keys() >= {"value"}


@pytest.mark.parametrize("key", [key for key in COMPLETE if key != "the_declaration"])
def test_basic_answers_are_written_back_too(key):
    question = FORM.by_key[key]
    stored = read(question, COMPLETE[key])
    assert read(question, typed_of(question, stored)) == stored


def test_the_table_of_municipalities_is_istats():
    assert len(municipalities()) == 7896
    assert municipalities()["072006"].label == "Bari (BA)"
    assert municipalities()["092009"].cadastral == "B354"
    assert [each.province for each in municipalities_named("LIVO")] == ["CO", "TN"]
    assert [each.istat for each in municipalities_named("forli'")] == ["040012"]
    assert [each.istat for each in municipalities_named("Bozen")] == ["021008"]
    assert municipalities_named("") == municipalities_like(" ") == []
    assert [each.name for each in municipalities_like("roma", 2)] == ["Roma", "Romagnano Sesia"]


SQUARE = Ground("square", (41.5, 16.5), outline=[(41.0, 16.0), (41.0, 17.0), (42.0, 17.0), (42.0, 16.0)])
ROUND = Ground("round", (45.0, 7.6), radius=1000)
BARE = Ground("bare", (44.0, 9.0))


@pytest.mark.parametrize(
    ("point", "area"), [((41.5, 16.5), "square"), ((41.5, 17.5), None), ((45.005, 7.6), "round"), ((45.02, 7.6), None)]
)
def test_a_point_lies_inside_or_outside(point, area):
    found = where_is(point, [SQUARE, ROUND])
    assert (found.area, found.is_outside) == (area, area is None)


def test_nobody_is_outside_where_an_area_has_no_bounds():
    assert not where_is((0, 0), [SQUARE, BARE]).is_outside
    assert not where_is((0, 0), []).is_outside
    assert where_is((41.5, 16.5), [BARE, SQUARE]).area == "square"


def test_a_hole_by_the_even_odd_rule_and_the_length_of_a_degree():
    outer, inner = [(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)], [(1, 1), (1, 3), (3, 3), (3, 1), (1, 1)]
    ring = Ground("ring", (0, 0), outline=[*outer, *inner])
    assert lies_in((0.5, 2.0), ring)
    assert lies_in((3.5, 3.5), ring)
    assert not lies_in((2.0, 2.0), ring)
    assert not lies_in((2.0, 4.5), ring)
    assert distance((45.0, 7.0), (46.0, 7.0)) == pytest.approx(111_195, rel=0.001)


def test_a_place_outside_the_areas_cannot_be_sent_where_it_must_be_inside():
    inside = make_question(T.PLACE, inside_areas=True)
    stored = read(inside, {"lat": "10", "lon": "10"})
    assert check_question(inside, stored, [SQUARE]) is not None
    assert check_question(inside, stored, [BARE]) is None
    assert check_question(inside, stored) is None
    assert check_question(make_question(T.PLACE), stored, [SQUARE]) is None
