"""What a recipient who wants too much would try with documents, amounts, days and files: pure."""

import time
from dataclasses import replace
from datetime import date

import pytest

from portal.calls.rules import ReportingRules
from portal.core.errors import Invalid
from portal.core.i18n import speaking
from portal.milestones.costs.reading.invoice import Ours, costs_in_invoice
from portal.milestones.costs.reading.sheet import read_sheet
from portal.milestones.costs.reading.sheet_apart import rows_of
from portal.milestones.costs.rules import DocumentKind, PaymentMeans
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.documents import fingerprint, plain_number
from portal.milestones.costs.rules.faults import cost_faults
from portal.milestones.costs.rules.terms import Category, Terms
from portal.milestones.costs.rules.typed import Vocabulary, read_cost
from tests.factories.costs import SUPPLIER, an_invoice
from tests.factories.grants import CUP

DAY = date(2026, 3, 10)
NOTHING = Vocabulary({}, {}, {}, {})
TERMS = Terms(
    categories={"services": Category("services", {"it": "Servizi", "en": "Services"})}, rules=ReportingRules(),
    borne_from=date(2026, 3, 2), borne_until=date(2026, 12, 31), paid_until=date(2027, 3, 1),
    from_on=date(2026, 3, 2), until_on=date(2026, 3, 31), cup=CUP, own_codes=frozenset({"80015010723"}),
)  # fmt: skip
COST = Cost(
    category="services", document=DocumentKind.INVOICE, supplier_name="Tipografia Sala", supplier_code=SUPPLIER,
    document_number="1", document_on=DAY, net_cents=100_000, vat_cents=22_000, cup=CUP, paid_on=date(2026, 3, 20),
    payment_means=PaymentMeans.TRANSFER, payment_reference="CRO 1",
)  # fmt: skip
OTHER_CUP = "C19J21037420006"


@pytest.mark.parametrize(
    "written", ["FT1/2026", "FT001-2026", "ft 1/2026", "FT\u20091/2026", "Ft. n\u00a00".replace("n\u00a00", "01/2026")]
)
def test_blanks_between_letters_and_figures_make_no_other_document(written):
    assert fingerprint(SUPPLIER, written, DAY, 1) == fingerprint(SUPPLIER, "FT 001/2026", DAY, 1)
    assert plain_number("2/2026") != plain_number("22026")
    assert plain_number("000") == "0"


def test_marks_in_a_tax_code_from_abroad_make_no_other_document():
    assert fingerprint("DE-129274202", "1", DAY, 1) == fingerprint("DE129274202", "1", DAY, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"supplier_code": "80015010723"}, "supplier_code"),
        ({"net_cents": 10_000, "vat_cents": 90_000}, "vat"),
        ({"document_on": date(2026, 4, 1)}, "document_on"),
    ],
)
def test_ones_own_invoice_an_impossible_vat_and_a_document_to_come_are_faults(given, field):
    assert cost_faults(COST, TERMS) == []
    assert [each.field for each in cost_faults(replace(COST, **given), TERMS)] == [field]


def test_what_was_paid_after_the_last_day_for_payments_is_a_fault_though_the_period_reaches_it():
    shortened = replace(TERMS, paid_until=date(2026, 3, 15))
    assert [each.field for each in cost_faults(COST, shortened)] == ["paid_on"]


def refused(content, **ours):
    with pytest.raises(Invalid) as found:
        costs_in_invoice(content, name="a.xml", ours=Ours(**ours))
    with speaking("en"):
        return str(found.value.message)


BUYER = """<CessionarioCommittente><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>{}</IdCodice>
</IdFiscaleIVA><CodiceFiscale>80111810588</CodiceFiscale></DatiAnagrafici></CessionarioCommittente>
</FatturaElettronicaHeader>"""


def addressed_to(code):
    return an_invoice().replace(b"</FatturaElettronicaHeader>", BUYER.format(code).encode())


def test_an_invoice_that_is_addressed_to_somebody_else_is_not_read():
    assert "00514490010" in refused(addressed_to("00514490010"), codes=frozenset({"80015010723"}))
    for known in ("80015010723", "80111810588"):
        assert costs_in_invoice(addressed_to("80015010723"), name="a.xml", ours=Ours(codes=frozenset({known})))
    assert costs_in_invoice(addressed_to("00514490010"), name="a.xml")


def test_an_invoice_in_another_money_or_to_oneself_is_not_read():
    assert "USD" in refused(an_invoice().replace(b"EUR", b"USD"))
    assert "oneself" in refused(an_invoice(kind="TD27"))
    assert refused(an_invoice().replace(b">220.00<", b">-900.00<"))


def test_of_several_cups_that_of_the_grant_counts():
    both = an_invoice(cup=OTHER_CUP).replace(b"</DatiGenerali>", f"<DatiContratto><CodiceCUP>{CUP}</CodiceCUP>"
                                             "</DatiContratto></DatiGenerali>".encode())  # fmt: skip
    assert costs_in_invoice(both, name="a.xml", ours=Ours(CUP))[0].cup == CUP
    assert costs_in_invoice(both, name="a.xml")[0].cup == OTHER_CUP


@pytest.mark.parametrize(
    "grown",
    [
        b"<DettaglioLinee>" * 6_000 + b"</DettaglioLinee>" * 6_000,
        b"<x>" * 100_000 + b"</x>" * 100_000,
        b"<DatiRiepilogo><Imposta>1e999990</Imposta></DatiRiepilogo>" * 500,
    ],
)
def test_an_invoice_grown_to_keep_the_machine_busy_is_refused_at_once(grown):
    began = time.process_time()
    assert refused(an_invoice().replace(b"<DatiRiepilogo>", grown + b"<DatiRiepilogo>", 1))
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("cell", "cents"), [(0.1 + 0.2, 30), (1000 * 1.1 - 0.00, 110_000), (219.99999999999997, 22_000)]
)
def test_what_a_spreadsheet_computed_is_read_to_the_cent_it_shows(cell, cents):
    cost, faults = read_cost({"net": cell}, NOTHING)
    assert (cost.net_cents, faults) == (cents, [])


@pytest.mark.parametrize("cell", ["10/03/20269", "2026-03-10x", "10/03/2026 e dopo"])
def test_what_only_begins_like_a_day_is_none(cell):
    assert [each.field for each in read_cost({"document_on": cell}, NOTHING)[1]] == ["document_on"]
    assert read_cost({"document_on": "2026-03-10 00:00:00"}, NOTHING)[0].document_on == DAY


def test_a_row_below_empty_ones_is_never_lost_in_silence():
    rows = list(rows_of(("Tipo\n" + "\n" * 20_150 + "servizi\n").encode(), "csv"))
    read = read_sheet(rows, {"tipo": "category"}, NOTHING, TERMS)
    assert [each.row for each in read.faults] == [20_102]
    assert read.costs == []
