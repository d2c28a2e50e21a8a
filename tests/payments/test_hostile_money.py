"""What one person of finance, a checker with a conflict or a divided payment might try; each was possible once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.calls.rules import GateName
from portal.core.db import new_id
from portal.payments.batches.queries import release_page
from portal.payments.exporters import Payment
from portal.payments.limits.operations import OwnLimit, set_limit
from portal.payments.models import PaymentLine, PaymentOrder
from portal.payments.money_words import money_detail
from portal.payments.operations.refusals import GatesClosed, SentByOneself
from portal.payments.queries import due_steps, gates_of
from portal.payments.taxes.rules import DebtOutcome
from tests.factories.base import make_person, make_staff
from tests.factories.gated import RULES, answer, make_gated, template
from tests.factories.payments import make_finance

G = GateName


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


# ---- paid twice by one hand ----


def test_who_says_that_a_payment_failed_does_not_send_it_again(finance):
    """One finance maker could record a payment that went well as failed, and have the bank make it a second time."""
    tranche = finance.release(finance.first)
    finance.order(tranche)
    finance.pay(tranche)
    finance.fail(tranche)
    with pytest.raises(SentByOneself):
        finance.order(tranche, by=finance.maker)
    assert tranche.status == "failed"
    finance.order(tranche, by=finance.checker)
    assert tranche.status == "ordered"


def test_who_approved_a_payment_does_not_make_its_file(finance):
    tranche = finance.release(finance.first)
    with pytest.raises(SentByOneself):
        finance.order(tranche, by=finance.checker)
    other = make_staff(finance.session, finance.world.authority, Role.FINANCE_APPROVER, now=finance.now)
    assert finance.order(tranche, by=other).created_by == other.id


def test_the_database_takes_no_second_payment_from_who_said_that_the_first_failed(finance):
    tranche = finance.release(finance.first)
    order = finance.order(tranche)
    finance.fail(tranche)
    session, line = finance.session, finance.line_of(tranche)
    forged = {"id": new_id(), "order_id": order.id, "tranche_id": tranche.id, "end_to_end_id": "VIVX",
              "amount_cents": line.amount_cents, "iban": line.iban, "holder": line.holder}  # fmt: skip
    session.flush()
    with pytest.raises(IntegrityError, match="payment_line_by_another"), session.begin_nested():
        session.execute(insert(PaymentLine), [forged])
    assert session.get_one(PaymentOrder, order.id).created_by == tranche.failed_by


def test_a_failed_payment_is_on_the_desk_of_who_may_send_it_again(finance):
    tranche = finance.release(finance.first)
    finance.order(tranche)
    finance.fail(tranche)

    def asked(person) -> list[str]:
        steps = due_steps(finance.session, finance.actor(person), finance.now)
        return [step.path for step in steps if "failed" in step.path]

    assert (asked(finance.maker), asked(finance.checker)) == ([], ["/finance?status=failed"])


# ---- conflict ----


def test_a_checker_who_stood_aside_reads_nothing_of_the_grant_on_the_page_of_a_batch(session, now):
    finance = make_gated(session, now=now, tranches=[template("all", 100)])
    finance.propose_all_the_way(finance.first)
    assert len(release_page(session, frozenset(), finance.actor(finance.checker), now).candidates) == 1
    tie(session, person_id=finance.checker.id, tie=Tie.CONFLICTED, object_type="application", now=now,
        object_id=finance.grant.application_id)  # fmt: skip
    assert release_page(session, frozenset(), finance.actor(finance.checker), now).candidates == []


def test_who_releases_does_not_raise_the_limit_of_everybody_either(finance):
    """A limit of everybody binds its setter as well, whatever role they had got beside."""
    both = make_person(finance.session, now=finance.now, authority=finance.world.authority,
                       roles=(Role.ADMINISTRATOR, Role.FINANCE_APPROVER))  # fmt: skip
    with pytest.raises(OwnLimit):
        set_limit(
            finance.session, authority=finance.world.authority, person_id=None, cents=None, **finance.by(both)
        )  # fmt: skip


# ---- a payment divided so that nobody asks (art. 48-bis) ----


@pytest.fixture
def divided(session, now):
    """Two tranches of 5 000 euro and one of 10 000: none of the first two is above the threshold by itself."""
    shares = [template("a", 25, G.TAX_DEBTS_CHECKED), template("b", 25, G.TAX_DEBTS_CHECKED), template("c", 50)]
    return make_gated(session, now=now, tranches=shares, rules=replace(RULES, tax_check_above=Decimal(5000)))


def closed(finance, tranche) -> list[GateName]:
    return [gate.name for gate in gates_of(finance.session, tranche, finance.now) if not gate.is_open]


def test_two_payments_of_a_day_below_the_threshold_are_checked_as_one(divided):
    first, second, _last = divided.tranches
    divided.release(first)
    assert closed(divided, first) == [], "alone it is not above the threshold"
    with pytest.raises(GatesClosed):
        divided.request(second)
    (gate,) = [each for each in gates_of(divided.session, second, divided.now) if each.name is G.TAX_DEBTS_CHECKED]
    assert "10.000,00" in str(money_detail(gate)).replace("10,000.00", "10.000,00")
    answer(divided)
    divided.release(second)
    divided.order(first, second)
    divided.pay(first)
    assert closed(divided, second) == []


def test_debts_found_hold_both_parts_of_a_divided_payment(divided):
    first, second, _last = divided.tranches
    divided.release(first)
    answer(divided)
    divided.release(second)
    answer(divided, DebtOutcome.DEBTS)
    with pytest.raises(GatesClosed):
        divided.order(first, second)


def test_what_was_paid_on_another_day_is_another_payment(divided):
    first, second, _last = divided.tranches
    divided.release(first)
    divided.order(first)
    divided.pay(first)
    assert closed(divided, second) == [G.TAX_DEBTS_CHECKED]
    divided.now += timedelta(days=1)
    assert closed(divided, second) == []


# ---- what the recipient reads on the statement ----


def test_without_a_cup_the_description_does_not_announce_one():
    payment = Payment("E2E", "Il Ponte", "", "IT60X0542811101000000123456", 100, "", "DD 12", "VIV-1 tranche 1")
    assert payment.description == "VIV-1 tranche 1 DD 12"
