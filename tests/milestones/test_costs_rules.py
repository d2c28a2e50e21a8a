"""Costs as they are read, named, charged, judged; electronic invoices from strangers: pure."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.rules import CostCategory, CostForm, CostKind, CostOption, CostRules, FlatRate
from portal.core.errors import Invalid, InvalidForm
from portal.core.i18n import speaking
from portal.milestones.costs.reading.invoice import costs_in_invoice
from portal.milestones.costs.reading.sheet_apart import rows_of
from portal.milestones.costs.rules.cost import Cost, share_of_document
from portal.milestones.costs.rules.documents import fingerprint, plain_number, valid_supplier_code
from portal.milestones.costs.rules.rates import rated, with_rates
from portal.milestones.costs.rules.typed import Vocabulary, read_cost
from tests.factories.costs import SUPPLIER, an_invoice
from tests.factories.grants import CUP

DAY = date(2026, 3, 10)
NOTHING = Vocabulary({}, {}, {}, {})


@pytest.mark.parametrize("written", ["FT 001/2026", "ft-1/2026", "FT.1 2026", " Ft/001/2026 "])
def test_a_document_is_the_same_however_its_number_is_typed(written):
    assert plain_number(written) == "FT/1/2026"
    assert fingerprint(SUPPLIER, written, DAY, 100) == fingerprint(SUPPLIER, "FT 001/2026", DAY, 100)


@pytest.mark.parametrize("other", [("80015010723", "1", DAY, 100), (SUPPLIER, "11", DAY, 100),
                                   (SUPPLIER, "1", date(2026, 3, 11), 100), (SUPPLIER, "1", DAY, 101)])  # fmt: skip
def test_another_supplier_number_day_or_amount_is_another_document(other):
    assert fingerprint(*other) != fingerprint(SUPPLIER, "1", DAY, 100)


@given(st.integers(0, 10**9), st.integers(0, 10**8), st.lists(st.integers(1, 10_000), min_size=1, max_size=8))
def test_parts_of_a_document_never_come_to_more_than_its_shares_say(net, vat, shares):
    whole = sum(shares)
    parts = [
        share_of_document(Cost(category="", net_cents=net, vat_cents=vat, share_bp=share * 10_000 // whole or 1))
        for share in shares
        if share * 10_000 // whole
    ]
    assert sum(parts) <= net + vat


@pytest.mark.parametrize(
    ("code", "kept"),
    [("IT01199250158", SUPPLIER), ("rssmra85t10a562s", "RSSMRA85T10A562S"), ("DE129274202", "DE129274202")],
)
def test_a_supplier_is_known_by_its_tax_code(code, kept):
    assert valid_supplier_code(code) == kept


@pytest.mark.parametrize("code", ["01199250159", "RSSMRA85T10A562T", "IT123", "ITX", "", "DE"])
def test_a_wrong_tax_code_is_refused(code):
    with pytest.raises(Invalid):
        valid_supplier_code(code)


def costs(kind, rate, *, also=()):
    rules = [
        CostCategory("staff", {"it": "P", "en": "S"}, CostKind.STAFF),
        CostCategory("other", {"it": "A", "en": "O"}, CostKind.SERVICES),
        CostCategory("rate", {"it": "T", "en": "R"}, also[0] if also else CostKind.INDIRECT, option="rate"),
    ]
    option = CostOption("rate", {"it": "T", "en": "R"}, CostForm.FLAT_RATE, kind, Decimal(rate))
    return CostRules(rules, [option])


@pytest.mark.parametrize(
    ("kind", "rate", "also", "cents"),
    [
        (FlatRate.INDIRECT_OF_DIRECT, 7, (), 10_500),
        (FlatRate.INDIRECT_OF_STAFF, 15, (), 15_000),
        (FlatRate.STAFF_OF_OTHER, 20, (CostKind.STAFF,), 10_000),
        (FlatRate.OTHER_OF_STAFF, 40, (CostKind.OTHER,), 40_000),
    ],
)
def test_each_flat_rate_counts_its_own_base(kind, rate, also, cents):
    (found,) = rated(costs(kind, rate, also=also), {"staff": 100_000, "other": 50_000})
    assert found.cents == cents
    assert with_rates(costs(kind, rate, also=also), {"staff": 100_000, "other": 50_000})["rate"] == cents


def test_a_rate_may_count_the_rate_of_staff_and_never_the_other_way_round():
    rules = CostRules(
        [
            CostCategory("services", {"it": "S", "en": "S"}, CostKind.SERVICES),
            CostCategory("indirect", {"it": "I", "en": "I"}, CostKind.INDIRECT, option="seven"),
            CostCategory("staff", {"it": "P", "en": "P"}, CostKind.STAFF, option="twenty"),
        ],
        [
            CostOption("seven", {"it": "7", "en": "7"}, CostForm.FLAT_RATE, FlatRate.INDIRECT_OF_DIRECT, Decimal(7)),
            CostOption("twenty", {"it": "2", "en": "2"}, CostForm.FLAT_RATE, FlatRate.STAFF_OF_OTHER, Decimal(20)),
        ],
    )
    assert [(rate.category, rate.base_cents, rate.cents) for rate in rated(rules, {"services": 100_000})] == [
        ("staff", 100_000, 20_000), ("indirect", 120_000, 8_400),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "cents"),
    [("1.234,50", 123_450), (1234.5, 123_450), (1234, 123_400), ("0,10", 10), (0.1, 10), (" € 12,00 ", 1_200)],
)
def test_amounts_of_text_and_of_numbers_are_read_to_the_cent(cell, cents):
    cost, faults = read_cost({"net": cell}, NOTHING)
    assert (cost.net_cents, faults) == (cents, [])


@pytest.mark.parametrize(
    "cells",
    [{"net": "1,234.50"}, {"net": 1.005}, {"net": -5}, {"net": float("nan")}, {"net": float("inf")}, {"share": 0},
     {"share": "100,01"}, {"document_on": "31/02/2026"}, {"document_on": 45_000}, {"cup": "X"}, {"category": "x"},
     {"supplier_code": 1199250159}],
)  # fmt: skip
def test_what_could_be_read_two_ways_or_not_at_all_is_a_fault_of_its_field(cells):
    _cost, faults = read_cost(cells, NOTHING)
    assert [fault.field for fault in faults] == list(cells)


@given(st.dictionaries(
    st.sampled_from(["category", "net", "vat", "share", "document_on", "supplier_code", "cup", "quantity"]),
    st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.booleans(),
))  # fmt: skip
def test_whatever_a_cell_holds_it_is_read_or_said(cells):
    _cost, faults = read_cost(cells, NOTHING)
    assert {fault.field for fault in faults} <= cells.keys()


def test_leading_zeros_that_a_spreadsheet_took_come_back():
    assert read_cost({"supplier_code": 1199250158}, NOTHING)[0].supplier_code == SUPPLIER


def test_a_spreadsheet_of_windows_is_read_in_its_own_letters():
    assert list(rows_of("Quantità;Fornitore\n1,5;'=SOMMA".encode("cp1252"), "csv")) == [
        ["Quantità", "Fornitore"], ["1,5", "=SOMMA"],
    ]  # fmt: skip


def test_an_invoice_says_supplier_number_day_amounts_and_cup():
    (cost,) = costs_in_invoice(an_invoice(), name="a.xml")
    assert (cost.supplier_name, cost.supplier_code, cost.document_number) == (
        "Tipografia Sala",
        SUPPLIER,
        "FT 001/2026",
    )
    assert (cost.document_on, cost.net_cents, cost.vat_cents, cost.cup) == (DAY, 100_000, 22_000, CUP)


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
THIEF = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
FAR = '<!DOCTYPE a SYSTEM "http://198.51.100.1/a.dtd">'


@pytest.mark.parametrize(("declared", "used"), [(BOMB, "&b;"), (THIEF, "&x;"), (FAR, "")])
def test_an_invoice_that_declares_entities_or_fetches_something_is_refused(declared, used):
    text = an_invoice().decode().replace("?>", f"?>{declared}", 1).replace("Locandine", f"Locandine{used}")
    with pytest.raises(Invalid) as refused:
        costs_in_invoice(text.encode(), name="a.xml")
    with speaking("en"):
        assert "instructions that no invoice has" in str(refused.value.message)


@pytest.mark.parametrize(
    "content",
    [b"<a/>", b"", b"<", b"\x30\x82", an_invoice(kind="TD04"), an_invoice(number=""),
     an_invoice().replace(b"1000.00", b"-5"), an_invoice().replace(b"1000.00", b"1e999999999")],
)  # fmt: skip
def test_what_is_no_invoice_is_refused_with_its_name(content):
    with pytest.raises(Invalid) as refused:
        costs_in_invoice(content, name="strana.xml")
    assert not isinstance(refused.value, InvalidForm)
    assert refused.value.field == "invoices"
