"""A change of account stops every step of every open payment until a day after a second person verified it (P10)."""

from datetime import timedelta

import pytest

from portal.access.operations.bank_details import reject_bank_details
from portal.access.rules import ACCOUNT_RESTS_FOR
from portal.payments.operations.refusals import GatesClosed
from portal.payments.queries import changed_accounts, order_for
from portal.payments.rules import TrancheStatus
from tests.factories.base import sign_in
from tests.factories.payments import make_finance

STEPS = ("request", "verify", "propose", "approve", "order")
DETAIL = 12


@pytest.fixture
def finance(session, now):
    return make_finance(session, now=now)


def walked(finance, step):
    """The advance, every step before this one taken."""
    tranche = finance.first
    for name in STEPS[: STEPS.index(step)]:
        getattr(finance, name)(tranche)
    return tranche


def turn_away(finance, row, by):
    """Somebody rejects the account."""
    reject_bank_details(
        finance.session, organisation_id=row.organisation_id, bank_details_id=row.id, reason="", **finance.by(by)
    )


def frozen(finance, tranche, step) -> bool:
    """Whether the account, and nothing else, stops this step; nothing changes then."""
    before = tranche.status
    refused: list[str] = []
    try:
        getattr(finance, step)(tranche)
    except GatesClosed as refusal:
        refused = [gate.name.value for gate in refusal.gates]
    assert refused in ([], ["iban_verified"])
    assert (tranche.status is before) == bool(refused)
    return bool(refused)


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("step", STEPS)
def test_a_new_account_freezes_every_step_until_a_day_after_its_verification(finance, step, declared):
    tranche = walked(finance, step)
    if not declared:
        tranche.gates = [gate for gate in tranche.gates if gate != "iban_verified"]
    row = finance.propose_account()
    assert frozen(finance, tranche, step)
    finance.now += timedelta(days=30)
    assert frozen(finance, tranche, step)
    finance.confirm_account(row)
    finance.now += ACCOUNT_RESTS_FOR - timedelta(seconds=1)
    assert frozen(finance, tranche, step)
    finance.now += timedelta(seconds=1)
    assert not frozen(finance, tranche, step)


def test_a_rejected_proposal_lets_payments_go_on_to_the_account_in_force(finance):
    tranche = walked(finance, "order")
    row = finance.propose_account()
    assert frozen(finance, tranche, "order")
    turn_away(finance, row, finance.world.owner)
    order = finance.order(tranche)
    assert [line.iban for line in order.lines] == ["IT60X0542811101000000123456"]


def test_after_a_verified_account_is_rejected_nothing_is_paid_until_another_has_rested(finance):
    tranche = walked(finance, "approve")
    row = finance.propose_account()
    finance.confirm_account(row)
    turn_away(finance, row, finance.maker)
    finance.now += timedelta(days=2)
    assert frozen(finance, tranche, "approve")
    again = finance.propose_account("IT60X0542811101000000123456")
    finance.confirm_account(again)
    assert frozen(finance, tranche, "approve")
    finance.now += ACCOUNT_RESTS_FOR
    assert not frozen(finance, tranche, "approve")


def test_the_first_account_ever_is_paid_at_once_and_its_correction_is_not(session, now):
    finance = make_finance(session, now=now, ready=False)
    finance.publish()
    finance.confirm_account(finance.propose_account())
    assert not frozen(finance, finance.first, "request")
    finance.confirm_account(finance.propose_account("IT60X0542811101000000123456"))
    assert frozen(finance, finance.first, "verify")


def test_whoever_downloads_a_file_reads_which_account_changed_after_it_was_written(finance, now):
    order = finance.order(walked(finance, "order"))
    finance.session.flush()
    read = order_for(finance.session, order.id, finance.actor(finance.maker))
    assert changed_accounts(finance.session, read, finance.now) == frozenset()
    row = finance.propose_account()
    assert changed_accounts(finance.session, read, finance.now) == {order.lines[0].id}
    finance.confirm_account(row)
    finance.now += timedelta(days=3)
    assert changed_accounts(finance.session, read, finance.now) == {order.lines[0].id}
    finance.pay(finance.first)
    assert finance.first.status is TrancheStatus.PAID
    assert changed_accounts(finance.session, read, finance.now) == frozenset()


def test_the_pages_show_the_freeze_with_its_end(page, store, now, statements):
    with store() as session:
        finance = make_finance(session, now=now)
        order = finance.order(finance.release(finance.first))
        finance.confirm_account(finance.propose_account())
        second, people = finance.tranches[1], (finance.world.owner.email, finance.maker.email)
    for person in people:
        sign_in(page, person).get(f"/tranches/{second.id}")
        assert page.shows("martedì 3 marzo 2026, 10:00 (ora di Roma)")
    with statements() as sent:
        page.get(f"/finance/orders/{order.id}")
    assert len(sent) <= DETAIL
    assert page.tree.xpath("//article//*[contains(@class, 'v-notice-warning')]")
