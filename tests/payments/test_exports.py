"""What leaves for the bank and for accounting."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sepaxml
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from portal.access.rules.authorities import PaymentExporter
from portal.core.spreadsheets import FORMULA_STARTS, csv_bytes, safe_cell
from portal.payments.exporters import EXPORTERS, Batch, Debtor, Payment, Unwritable
from portal.payments.exporters.payment_list import HEAD, payments_csv, payments_xlsx
from portal.payments.exporters.sepa import sepa_file
from portal.payments.exporters.text import sepa_text

XSD = xmlschema.XMLSchema(str(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
DEBTOR = Debtor("Città metropolitana di Bari", "IT60X0542811101000000123456", "BPBAIT3B")
CREATED = datetime(2026, 3, 2, 9, 0, 7, tzinfo=UTC)
OTHER_IBAN = "DE89370400440532013000"
MESSAGE = "VIV20260302ABCDEF0123456789AB"


def payment(number: int = 1, **changes: Any) -> Payment:
    fields: dict[str, Any] = {
        "end_to_end_id": f"{MESSAGE}-{number:05d}", "holder": "Società «Perù» & Figli n° 1", "iban": OTHER_IBAN,
        "fiscal_code": "01199250158", "amount_cents": 1_600_001, "cup": "F79D19000030007", "act": "DD 145/2026",
        "reference": "VIV-2026-000123 tranche 2",
    }  # fmt: skip
    return Payment(**(fields | changes))


def written(*payments: Payment, debtor: Debtor = DEBTOR) -> bytes:
    return sepa_file(batch(*payments, debtor=debtor)).content


def batch(*payments: Payment, debtor: Debtor = DEBTOR) -> Batch:
    return Batch(debtor, payments, MESSAGE, date(2026, 3, 4), CREATED)


def found(xml: bytes, path: str) -> list[str]:
    return [str(node.text) for node in etree.fromstring(xml).iterfind(f".//{path}", NAMES)]


def test_the_file_is_valid_and_its_sums_are_those_of_its_payments():
    xml = written(payment(1), payment(2, amount_cents=5), payment(3, amount_cents=99_999_999_999))
    XSD.validate(xml.decode())
    assert found(xml, "p:GrpHdr/p:MsgId") == [MESSAGE]
    assert found(xml, "p:GrpHdr/p:CreDtTm") == ["2026-03-02T10:00:07+01:00"]
    assert found(xml, "p:GrpHdr/p:NbOfTxs") == found(xml, "p:PmtInf/p:NbOfTxs") == ["3"]
    assert found(xml, "p:GrpHdr/p:CtrlSum") == found(xml, "p:PmtInf/p:CtrlSum") == ["1000016000.05"]
    assert found(xml, "p:PmtInf/p:PmtInfId") == [f"{MESSAGE}-1"]
    assert found(xml, "p:EndToEndId") == [f"{MESSAGE}-0000{n}" for n in (1, 2, 3)]
    assert found(xml, "p:InstdAmt") == ["16000.01", "0.05", "999999999.99"]
    assert found(xml, "p:ReqdExctnDt/p:Dt") == ["2026-03-04"]
    assert found(xml, "p:SvcLvl/p:Cd") == ["SEPA"]
    assert found(xml, "p:ChrgBr") == ["SLEV"]


def test_the_cup_leads_the_description_and_is_never_cut():
    xml = written(payment(act="Determinazione dirigenziale " * 10))
    (text,) = found(xml, "p:Ustrd")
    assert text.startswith("/CUP/F79D19000030007 VIV-2026-000123 tranche 2 Determinazione")
    assert len(text) <= 140


def test_text_is_in_the_characters_that_banks_take():
    xml = written(payment())
    assert found(xml, "p:Cdtr/p:Nm") == ["Societa Peru Figli ndeg 1"]
    assert found(xml, "p:Dbtr/p:Nm") == ["Citta metropolitana di Bari"]


@given(st.text(max_size=400))
def test_any_text_becomes_one_that_banks_take(text):
    made = sepa_text(text, 70)
    assert len(made) <= 70
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert made == made.strip()


def test_without_a_bic_the_debtors_bank_is_said_not_to_be_provided():
    xml = written(payment(), debtor=Debtor("Comune", DEBTOR.iban, None))
    XSD.validate(xml.decode())
    assert found(xml, "p:DbtrAgt/p:FinInstnId/p:Othr/p:Id") == ["NOTPROVIDED"]


@pytest.mark.parametrize(
    "wrong", [{"holder": "🌱🌱"}, {"iban": "NOT AN IBAN"}, {"end_to_end_id": "x" * 36}, {"end_to_end_id": ""}]
)
def test_what_the_schema_would_refuse_is_refused_here(wrong):
    with pytest.raises(Unwritable):
        written(payment(**wrong))


def test_the_same_payments_make_the_same_file():
    assert written(payment()) == written(payment())


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_accounting_gets_the_same_payments():
    head, row = rows(payments_csv([payment()]).content)
    assert tuple(head) == HEAD
    told = dict(zip(head, row, strict=True))
    assert told["importo_eur"] == "16.000,01"
    assert told["cup"] == "F79D19000030007"
    assert told["causale"] == payment().description
    assert told["beneficiario"] == "Società «Perù» & Figli n° 1"


def test_the_list_says_gross_withheld_and_net_and_nothing_in_it_is_computed():
    taxed = payment(holder="=HYPERLINK(1)", amount_cents=960_000, withheld_cents=40_000)
    content = payments_xlsx([taxed, payment(2)]).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    head, first, second = sheet.iter_rows(values_only=True)
    told = dict(zip(head, first, strict=True))
    assert (told["lordo_eur"], told["ritenuta_eur"], told["importo_eur"]) == (10_000, 400, 9_600)
    assert (told["iban"], told["cup"], told["atto"]) == (OTHER_IBAN, "F79D19000030007", "DD 145/2026")
    assert told["beneficiario"] == "=HYPERLINK(1)"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert second[4:7] == (16_000.01, 0, 16_000.01)
    assert rows(payments_csv([taxed]).content)[1][4:7] == ["10.000,00", "400,00", "9.600,00"]


def test_each_exporter_writes_its_files_and_every_choice_of_an_authority_has_one():
    kinds = {kind: [file.kind for file in EXPORTERS[kind].write(batch(payment()))] for kind in PaymentExporter}
    assert kinds == {PaymentExporter.SEPA: ["xml", "csv"], PaymentExporter.LIST: ["xlsx", "csv"]}


@pytest.mark.parametrize("start", [*FORMULA_STARTS, " =", "\u00a0=", "\u3000@"])
def test_no_cell_starts_a_formula(start):
    text = f'{start}HYPERLINK("https://evil.example")'
    assert safe_cell(text) == f"'{text}"
    assert rows(csv_bytes(["a"], [[text]]))[1] == [f"'{text}"]


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n")), min_size=2, max_size=4)
)
def test_cells_come_back_as_they_went(cells):
    assert rows(csv_bytes(cells, [])) == [[safe_cell(cell) for cell in cells]]


def test_figures_and_blanks_stay_as_they_are():
    assert [safe_cell(value) for value in (None, "", 12, "1.234,50", "è")] == ["", "", "12", "1.234,50", "è"]
