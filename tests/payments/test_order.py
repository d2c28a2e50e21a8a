"""Payment files: all or nothing, frozen, re-read; and what the bank says of them."""

import csv
import io
from datetime import date, timedelta

import pytest
from lxml import etree
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from portal.access.models import Authority, BankDetails
from portal.access.policy import Role
from portal.core.db import new_id
from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.core.unit_of_work import refusal_for
from portal.documents.operations import read_file
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.notices.queries import latest_notices
from portal.payments import checks, operations
from portal.payments.models import PaymentLine, PaymentOrder
from portal.payments.operations.refusals import (
    AccountNotVerified,
    AlreadyOrdered,
    GatesClosed,
    NoAccountToPayFrom,
    NotForTheBank,
    PaysOneself,
)
from portal.payments.operations.settle import FailedAlready
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_authority, make_staff
from tests.factories.payments import IBAN, OTHER_IBAN, make_finance, make_member

NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


@pytest.fixture
def approved(finance):
    return finance.release(finance.first)


def money(finance) -> tuple[int, ...]:
    kinds = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID)
    return tuple(balance_of(finance.session, kind, finance.grant.id) for kind in kinds)


def test_the_file_holds_the_approved_payment_and_nothing_else(finance, approved, now):
    order = finance.order(approved, on=now.date() + timedelta(days=2))
    (line,) = order.lines
    tree = etree.fromstring(read_file(order.xml_file))
    told = {tag: tree.findtext(f".//p:{tag}", namespaces=NAMES) for tag in ("MsgId", "CtrlSum", "EndToEndId", "Ustrd")}
    assert told["MsgId"] == order.message_id
    assert told["CtrlSum"] == "8000.00"
    assert told["EndToEndId"] == line.end_to_end_id
    assert finance.grant.cup in told["Ustrd"]
    assert (line.iban, line.amount_cents, order.total_cents) == (IBAN, 800_000, 800_000)
    assert approved.status is TrancheStatus.ORDERED
    (row,) = list(csv.DictReader(io.StringIO(read_file(order.csv_file).decode("utf-8-sig")), delimiter=";"))
    assert (row["importo_eur"], row["cup"]) == ("8.000,00", finance.grant.cup)
    assert money(finance) == (1_200_000, 800_000, 0)


@pytest.mark.parametrize("days", [-1, 61, 36_500])
def test_the_day_of_payment_is_near(finance, approved, now, days):
    with pytest.raises(Invalid) as refusal:
        finance.order(approved, on=now.date() + timedelta(days=days))
    assert refusal.value.field == "execution_on"


def test_an_order_is_of_something(finance):
    with pytest.raises(Invalid):
        finance.order()


def test_one_that_may_not_be_paid_stops_the_whole_file(finance, approved):
    finance.record_durc()
    finance.accept_milestones()
    second = finance.propose_all_the_way(finance.tranches[1])
    with pytest.raises(IllegalMove):
        finance.order(approved, second)
    with pytest.raises(NotFound):
        operations.order_payments(
            finance.session,
            tranche_ids=[approved.id, new_id()],
            execution_on=finance.now.date(),
            **finance.by(finance.maker),
        )
    assert finance.session.scalars(select(PaymentOrder)).all() == []
    assert approved.status is TrancheStatus.APPROVED


def test_the_same_tranche_twice_in_a_form_is_one_payment(finance, approved):
    assert len(finance.order(approved, approved).lines) == 1


def test_a_file_is_made_by_the_maker_of_this_authority(finance, approved):
    elsewhere = make_authority(finance.session, code="venezia", name="Comune di Venezia")
    stranger = make_staff(finance.session, elsewhere, Role.FINANCE_MAKER, now=finance.now)
    for person in (finance.checker, finance.world.officer, finance.world.owner, stranger):
        with pytest.raises((Forbidden, NotFound)):
            finance.order(approved, by=person)


def test_nobody_orders_or_records_a_payment_to_their_own_organisation(finance, approved):
    other = make_staff(finance.session, finance.world.authority, Role.FINANCE_MAKER, now=finance.now)
    make_member(finance, finance.maker)
    with pytest.raises(PaysOneself):
        finance.order(approved)
    finance.order(approved, by=other)
    for act in (finance.pay, finance.fail):
        with pytest.raises(PaysOneself):
            act(approved)


def test_a_change_of_account_that_waits_refuses_the_order(finance, approved):
    proposed = finance.propose_account()
    with pytest.raises(GatesClosed):
        finance.order(approved)
    finance.confirm_account(proposed)
    with pytest.raises(GatesClosed):
        finance.order(approved)
    finance.now += timedelta(hours=24)
    assert finance.order(approved).lines[0].iban == OTHER_IBAN


def test_an_account_is_needed_even_where_the_call_declares_no_such_gate(finance, approved):
    approved.gates = ["cup"]
    finance.session.execute(delete(BankDetails))
    with pytest.raises(AccountNotVerified):
        finance.order(approved)


def test_a_certificate_that_expired_after_the_approval_refuses_the_order(finance):
    finance.record_durc(finance.now.date() - timedelta(days=119))
    finance.accept_milestones()
    finance.release(finance.first)
    second = finance.release(finance.tranches[1])
    finance.now += timedelta(days=2)
    with pytest.raises(GatesClosed, match="tranche 2"):
        finance.order(finance.first, second)
    assert len(finance.order(finance.first).lines) == 1


def test_an_authority_without_an_account_pays_nobody(finance, approved):
    finance.session.get_one(Authority, approved.authority_id).iban = None
    with pytest.raises(NoAccountToPayFrom):
        finance.order(approved)


def test_a_file_that_the_bank_would_refuse_is_not_made(finance, approved):
    finance.session.execute(text("UPDATE bank_details SET holder = '🌱'"))
    finance.session.expire_all()
    with pytest.raises(NotForTheBank):
        finance.order(approved)


def test_paid_money_leaves_the_payable_account_once(finance, approved):
    finance.order(approved)
    finance.pay(approved)
    assert money(finance) == (1_200_000, 0, 800_000)
    assert approved.paid_on == finance.now.date()
    with pytest.raises(IllegalMove):
        finance.pay(approved)
    assert money(finance) == (1_200_000, 0, 800_000)
    assert latest_notices(finance.session, finance.actor(finance.world.owner))[0].path == f"/tranches/{approved.id}"


@pytest.mark.parametrize("days", [1, -1])
def test_a_day_of_payment_is_neither_to_come_nor_before_the_file(finance, approved, days):
    line = finance.order(approved).lines[0]
    with pytest.raises(Invalid) as refusal:
        operations.record_paid(
            finance.session,
            line_id=line.id,
            paid_on=finance.now.date() + timedelta(days=days),
            **finance.by(finance.maker),
        )
    assert refusal.value.field == "paid_on"


def test_a_refused_payment_goes_in_a_new_file_with_a_new_line(finance, approved):
    first = finance.order(approved).lines[0]
    finance.fail(approved)
    assert approved.status is TrancheStatus.FAILED
    assert money(finance) == (1_200_000, 800_000, 0)
    with pytest.raises(FailedAlready):
        finance.pay(approved, line_id=first.id)
    second = finance.order(approved).lines[0]
    assert (second.id != first.id, second.end_to_end_id != first.end_to_end_id) == (True, True)
    with pytest.raises(FailedAlready):
        finance.pay(approved, line_id=first.id)
    finance.pay(approved)
    assert (first.failure, second.is_paid) == ("AC04: conto chiuso", True)
    assert list(checks.broken(finance.session)) == []


def test_a_payment_returned_after_it_was_paid_brings_the_money_back(finance, approved):
    finance.order(approved)
    finance.pay(approved)
    finance.fail(approved, "Bonifico restituito")
    assert money(finance) == (1_200_000, 800_000, 0)
    assert approved.paid_on is None
    assert list(checks.broken(finance.session)) == []
    finance.order(approved)
    finance.pay(approved)
    assert money(finance) == (1_200_000, 0, 800_000)
    assert list(checks.broken(finance.session)) == []


@pytest.mark.parametrize("reason", ["", "  \n ", "\u200b"])
def test_a_failure_has_a_reason(finance, approved, reason):
    finance.order(approved)
    with pytest.raises(Invalid):
        finance.fail(approved, reason)


def test_an_unknown_line_is_not_found(finance):
    with pytest.raises(NotFound):
        operations.record_paid(finance.session, line_id=new_id(), paid_on=date(2026, 3, 2), **finance.by(finance.maker))


def test_the_database_allows_one_live_payment_for_a_tranche(finance, approved):
    line = finance.order(approved).lines[0]
    finance.session.flush()
    again = PaymentLine(
        order_id=line.order_id, tranche_id=approved.id, end_to_end_id="again", amount_cents=1, iban=IBAN, holder="X"
    )  # fmt: skip
    with pytest.raises(IntegrityError) as error:
        _write(finance.session, again)
    assert isinstance(refusal_for(error.value), AlreadyOrdered)


def _write(session, row) -> None:
    with session.begin_nested():
        session.add(row)
        session.flush()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payment_order SET total_cents = 1",
        "DELETE FROM payment_order",
        "UPDATE payment_line SET iban = 'IT00'",
        "UPDATE payment_line SET amount_cents = 1",
        "DELETE FROM payment_line",
        "DELETE FROM tranche WHERE status = 'ordered'",
    ],
)
def test_what_was_sent_to_the_bank_stays_as_it_was(finance, approved, statement):
    finance.order(approved)
    finance.session.flush()
    with pytest.raises(IntegrityError), finance.session.begin_nested():
        finance.session.execute(text(statement))
