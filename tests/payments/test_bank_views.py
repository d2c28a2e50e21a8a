"""The pages of what comes from the bank: a file taken in, a message answered, books that agree."""

import csv
import io

import pytest
from sqlalchemy import func, select

from portal.payments.bank.models import BankFile, BankMessage
from portal.payments.models import Tranche
from tests.factories.bank import Payment, asked, entry, notification, status_report
from tests.factories.base import sign_in
from tests.factories.payments import make_finance
from tests.payments.conftest import City, city_of

FOREIGN = Payment("UTENZE-2026-03", "", 12_300)


@pytest.fixture
def orders(store, now) -> tuple[City, Payment]:
    """A grant whose advance is with the bank."""
    with store() as session:
        finance = make_finance(session, now=now)
        line = finance.order(finance.release(finance.first)).lines[0]
        return city_of(finance), asked(line)


@pytest.fixture
def city(orders) -> City:
    return orders[0]


@pytest.fixture
def sent(orders) -> Payment:
    return orders[1]


def take(visitor, content: bytes, expected: int = 200, name: str = "banca.xml"):
    return visitor.get("/finance/bank").submit("#bank-file", expected, file=(io.BytesIO(content), name))


def status(store, city) -> str:
    with store() as session:
        return session.get_one(Tranche, city.tranches[0]).status.value


def test_a_refused_payment_is_read_by_the_recipient_in_words(as_, city, store, sent):
    page = take(as_("maker"), status_report((sent, "RJCT"), reason="AC01", info="&lt;b&gt;IBAN&lt;/b&gt; inesistente"))
    assert page.url.startswith("/finance/bank/files/")
    assert page.shows("AC01")
    assert page.shows("<b>IBAN</b> inesistente")
    assert status(store, city) == "failed"
    owner = as_("owner").get(city.first)
    assert owner.shows("AC01")
    assert owner.shows("<b>IBAN</b> inesistente")
    assert owner.get("/desk").tree.xpath(f"//a[@href='{city.first}']")


def test_the_same_file_again_is_told_and_changes_nothing(as_, store, city, sent):
    content = notification(entry(sent))
    maker = take(as_("maker"), content)
    take(maker, content, 409)
    assert maker.tree.xpath("//*[@id='file-error']")
    with store() as session:
        assert session.scalar(select(func.count(BankFile.id))) == 1
    assert status(store, city) == "paid"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Document>&x;</Document>", "banca.xml"),
        (b"<Document/>", "banca.xml"), (b"a;b\r\n1;2\r\n", "mandati.csv"), (b"%PDF-1.7", "banca.xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "banca.svg"), (b"", "banca.xml"),
    ],
)  # fmt: skip
def test_what_no_bank_sends_is_refused_beside_its_field(as_, store, city, content, name):
    maker = take(as_("maker"), content, 422, name)
    assert maker.tree.xpath("//*[@id='file-error']")
    with store() as session:
        assert session.scalar(select(func.count(BankFile.id))) == 0


def test_a_message_that_waits_is_matched_by_a_person_with_their_reason(as_, city, store, sent):
    maker = take(as_("maker"), notification(entry(Payment("VIV-MISTYPED", "", sent.cents)), entry(FOREIGN)))
    maker.get("/finance/bank")
    question, other = maker.tree.xpath("//main//a[contains(@href, '/finance/bank/messages/')]/@href")
    maker.get(question)
    assert maker.shows(sent.end_to_end_id)
    maker.submit("#match", 422, **{"match-end_to_end_id": sent.end_to_end_id, "match-words": " "})
    maker.submit("#match", 422, **{"match-end_to_end_id": "NONE", "match-words": "Stesso importo"})
    maker.submit("#match", **{"match-end_to_end_id": sent.end_to_end_id, "match-words": "Stesso importo"})
    assert status(store, city) == "paid"
    maker.get(other).submit("#dismiss", words="Bolletta della luce")
    assert maker.get(other).shows("Bolletta della luce")
    assert not maker.tree.xpath("//main//form")
    with store() as session:
        assert session.scalar(select(func.count(BankMessage.id)).where(BankMessage.answered_at.is_(None))) == 0


def test_what_is_none_of_our_payments_is_closed_at_once(as_, store, city, sent):
    strangers = [entry(Payment(f"STIPENDIO-{number}", "", 150_000)) for number in range(3)]
    maker = take(as_("maker"), notification(*strangers, entry(sent, cents=1)))
    maker.submit("#dismiss", 422, words="")
    maker.submit("#dismiss", words="Stipendi di marzo")
    with store() as session:
        left = session.scalars(select(BankMessage).where(BankMessage.answered_at.is_(None))).all()
        assert [each.trouble.value for each in left] == ["amount"]


def test_bank_and_ledger_are_compared_and_leave_as_a_file(as_, city, store, sent):
    take(as_("maker"), notification(entry(sent)))
    auditor = as_("auditor").get("/finance/reconciliation")
    assert auditor.shows("8.000,00")
    assert not auditor.tree.xpath("//*[contains(@class, 'v-tag-danger')]")
    answer = auditor.client.get("/finance/reconciliation.csv")
    head, row, total = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")
    assert (row[0], row[3:], len(head)) == (
        sent.message_id,
        ["8.000,00", "8.000,00", "0,00", "0,00", "8.000,00", "0,00"],
        9,
    )
    assert total[3:] == row[3:]


def test_officers_and_auditors_look_and_have_no_forms(as_, city, store, sent):
    take(as_("maker"), notification(entry(FOREIGN)))
    for name in ("officer", "auditor", "checker"):
        page = as_(name).get("/finance/bank")
        links = page.tree.xpath("//main//a[contains(@href, '/finance/bank/')]/@href")
        for path in ("/finance/bank", *links):
            assert not page.get(path).tree.xpath("//main//form")


def test_an_authority_that_pays_by_list_gets_a_workbook_and_needs_no_account(store, now, visitors):
    with store() as session:
        finance = make_finance(session, now=now)
        finance.world.authority.payment_exporter, finance.world.authority.iban = "list", None
        order, maker = finance.order(finance.release(finance.first)).id, finance.maker.email
    page = sign_in(visitors(), maker).get(f"/finance/orders/{order}")
    links = page.tree.xpath("//main//a[contains(@href, '/finance/orders/')]/@href")
    assert [link.rpartition("/")[2] for link in links] == ["xlsx", "csv"]
    answer = page.client.get(links[0])
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page.get(links[0].replace("xlsx", "xml"), 404)
