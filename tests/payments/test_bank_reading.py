"""What is read of the bank's files, and what is not even looked at."""

from datetime import date

import pytest

from portal.payments.bank.reading import Unreadable, read_bank_file
from portal.payments.bank.reasons import REASONS, Mend, code_before, in_words, known_code, mend_of
from portal.payments.bank.rules import LARGEST_FILE, BankFileKind, Said
from tests.factories.bank import Payment, entry, mandates, notification, status_report

FIRST, SECOND = Payment("VIV20260302A-00001", "VIV20260302A", 800_000), Payment("VIV20260302A-00002", "VIV20260302A", 5)


def told(content: bytes):
    return read_bank_file(content).told


@pytest.mark.parametrize(
    "version", ["pain.002.001.03", "pain.002.001.10", "pain.002.001.12", "pain.002.001.14", "CBIPaymentStatus.09"]
)
def test_a_status_report_of_any_version_is_read(version):
    content = status_report((FIRST, "ACSC"), (SECOND, "RJCT"), reason="AC01", info="Conto errato",
                            namespace=f"urn:iso:std:iso:20022:tech:xsd:{version}")  # fmt: skip
    reading = read_bank_file(content)
    assert (reading.kind, reading.message_id) == (BankFileKind.STATUS, "BANK-1")
    paid, refused = reading.told
    assert (paid.said, paid.end_to_end_id, paid.amount_cents, paid.day) == (
        Said.PAID, FIRST.end_to_end_id, 800_000, date(2026, 3, 2),
    )  # fmt: skip
    assert (refused.said, refused.reason, refused.info, refused.code) == (
        Said.REFUSED, "AC01", "Conto errato", "RJCT",
    )  # fmt: skip


@pytest.mark.parametrize("code", ["RCVD", "ACTC", "ACCP", "ACSP", "ACWC", "PDNG"])
def test_whatever_is_not_settled_waits(code):
    assert [each.said for each in told(status_report((FIRST, code)))] == [Said.WAITING]


def test_a_status_nobody_knows_is_unclear():
    assert told(status_report((FIRST, "WHAT")))[0].said is Said.UNCLEAR


def test_what_is_said_of_a_whole_file_names_the_file():
    (whole,) = told(status_report(group="RJCT", whole=FIRST.message_id, reason="FF01"))
    assert (whole.said, whole.batch_id, whole.end_to_end_id, whole.reason) == (
        Said.REFUSED, FIRST.message_id, "", "FF01",
    )  # fmt: skip
    assert [each.end_to_end_id for each in told(status_report((FIRST, "ACSC"), group="PART"))] == [FIRST.end_to_end_id]


def test_a_movement_that_left_is_paid_and_one_that_came_back_is_returned():
    content = notification(
        entry(FIRST, on="2026-03-04"), entry(SECOND, way="CRDT", returned="AC04"),
        entry(Payment("STIPENDI", "", 100), way="CRDT"), entry(SECOND, status="PDNG"),
    )  # fmt: skip
    paid, returned, credited, waiting = told(content)
    assert (paid.said, paid.day, paid.amount_cents) == (Said.PAID, date(2026, 3, 4), 800_000)
    assert (returned.said, returned.reason) == (Said.RETURNED, "AC04")
    assert (credited.said, waiting.said) == (Said.CREDITED, Said.WAITING)


def test_an_instant_of_the_bank_is_a_day_by_the_calendar_of_rome():
    (paid,) = told(status_report((FIRST, "ACSC"), made="2026-03-02T23:30:00Z"))
    assert paid.day == date(2026, 3, 3)


def test_paid_mandates_are_read_under_the_names_that_offices_give_them():
    rows = (
        (FIRST.end_to_end_id, "8.000,00", "04/03/2026", ""),
        (SECOND.end_to_end_id, "0,05", "2026-03-04", "stornato"),
    )
    paid, returned = told(mandates(*rows, head="Riferimento;Importo;Pagato il;Esito"))
    assert (paid.said, paid.amount_cents, paid.day) == (Said.PAID, 800_000, date(2026, 3, 4))
    assert (returned.said, returned.amount_cents) == (Said.RETURNED, 5)
    refused = mandates((FIRST.end_to_end_id, "8000", "2026-03-04", "respinto;AC01: errato"),
                       head="end_to_end_id;importo;data;esito;motivo")  # fmt: skip
    assert [(each.said, each.reason, each.info) for each in told(refused)] == [(Said.REFUSED, "AC01", "errato")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "1,00", "2026-03-04", ""), "2"),
        (("A", "1.00x", "2026-03-04", ""), "2"),
        (("A", "1,00", "2026-02-30", ""), "2026-02-30"),
        (("A", "1,00", "2026-03-04", "forse"), "forse"),
    ],
)
def test_a_fault_names_its_row_and_nothing_is_taken(row, words):
    with pytest.raises(Unreadable, match=words):
        told(mandates(row))


@pytest.mark.parametrize("missing", ["importo_eur;data", "end_to_end_id;data", "end_to_end_id;importo"])
def test_a_table_without_what_is_needed_says_which_column(missing):
    with pytest.raises(Unreadable):
        told(mandates(head=missing))


LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><Document><CstmrPmtStsRpt>&j;</CstmrPmtStsRpt></Document>"  # fmt: skip
STRANGE = {
    "an outside file": b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Document>&x;</Document>",
    "an outside document type": b"<!DOCTYPE d SYSTEM 'http://127.0.0.1/d.dtd'><Document/>",
    "a billion laughs": LAUGHS,
    "half a file": status_report((FIRST, "ACSC"))[:-20],
    "another message": b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt/></Document>",
    "no XML": b"<<<<",
    "an encoding that is none": b"<?xml version='1.0' encoding='x-none'?><Document/>",
    "nothing": b"  ",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "no payment": notification(),
    "an amount that is none": notification(entry(FIRST)).replace(b">8000.00<", b">1e999999<"),
    "thousandths": notification(entry(FIRST)).replace(b">8000.00<", b">8000.001<"),
    "a day that is none": notification(entry(FIRST, on="2026-02-30")),
    "too much": b"<Document>" + b" " * LARGEST_FILE,
}


@pytest.mark.parametrize("what", STRANGE)
def test_strange_files_are_refused_whole(what):
    with pytest.raises(Unreadable):
        read_bank_file(STRANGE[what])


def test_every_reason_has_words_and_says_whose_mend_it_is():
    for code in ("AC01", "AC04", "AC06", "AG01", "AM04", "BE05", "DT01", "FF01", "MS03", "RC01", "RR04"):
        assert code in in_words(code, None)
        assert REASONS[code].mend in Mend
    assert (mend_of("AC01"), mend_of("AM04"), mend_of("MS03")) == (Mend.RECIPIENT, Mend.FINANCE, Mend.BANK)
    assert (mend_of("ZZ99"), mend_of(None)) == (Mend.FINANCE, Mend.FINANCE)
    assert (known_code("ac01"), known_code("NARRATIVE"), known_code("12")) == ("AC01", None, None)
    assert (code_before("AC04: conto chiuso"), code_before("Bonifico restituito")) == ("AC04", None)
    assert in_words("AC04", "AC04: conto chiuso").endswith("(AC04) · conto chiuso")
