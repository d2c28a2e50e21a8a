"""A payment that was asked back and then comes back from the bank: the books say what happened, once."""

import pytest

from portal.access.policy import Role
from portal.grants import checks as grant_checks
from portal.grants.changes import checks as change_checks
from portal.grants.changes.rules import EndKind
from portal.grants.rules import GrantStatus
from portal.ledger import checks as ledger_checks
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.payments import checks as payment_checks
from portal.payments.closing import checks as closing_checks
from portal.payments.recoveries import checks, operations
from portal.payments.recoveries.claims import claims_of
from portal.payments.recoveries.refusals import AskedBackAndReturned
from portal.payments.recoveries.rules import RecoveryStatus
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_staff
from tests.factories.changes import act, make_changing, open_end, reply
from tests.factories.closing import close, make_costed, pay
from tests.factories.recovering import decide, make_revoked, receive

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
ROOMS = (checks, ledger_checks, payment_checks, grant_checks, closing_checks)
K = AccountKind
WITHIN = (K.AWARD, K.PAYABLE, K.PAID, K.RECOVERABLE, K.RETURNED)


def money(finance) -> tuple[int, ...]:
    return tuple(balance_of(finance.session, kind, finance.grant.id) for kind in WITHIN)


def line(finance) -> int:
    return balance_of(finance.session, K.BUDGET, finance.grant.budget_line_id)


def state(finance) -> GrantStatus:
    status: GrantStatus = finance.grant.status
    return status


def sound(finance, *more) -> bool:
    finance.session.flush()
    finance.session.expire_all()
    assert [told for room in (*ROOMS, *more) for told in room.broken(finance.session)] == []
    return True


def test_of_an_ended_grant_nothing_is_asked_any_more_and_the_money_goes_to_the_call(session, now):
    finance, the_act = make_revoked(session, now=now)
    paid, before = finance.first.amount_cents, line(finance)
    recovery = decide(finance, the_act.id)
    assert state(finance) is GrantStatus.RECOVERING
    finance.fail(finance.first)
    assert (recovery.status, finance.first.status) == (RecoveryStatus.REVERSED, TrancheStatus.CANCELLED)
    assert (money(finance), line(finance)) == ((0, 0, 0, 0, 0), before + paid)
    assert claims_of(session, finance.grant.id) == []
    assert state(finance) is GrantStatus.REVOKED
    assert sound(finance, change_checks)


@on_sqlite
def test_what_was_not_asked_back_yet_is_not_asked_either(session, now):
    finance, _act = make_revoked(session, now=now)
    before = line(finance)
    finance.fail(finance.first)
    assert (claims_of(session, finance.grant.id), state(finance)) == ([], GrantStatus.REVOKED)
    assert line(finance) == before + finance.first.amount_cents
    assert sound(finance, change_checks)


def test_money_that_came_from_the_recipient_is_looked_at_first(session, now):
    finance, the_act = make_revoked(session, now=now)
    recovery = decide(finance, the_act.id)
    receipt = receive(finance, recovery, 500)
    before = (money(finance), line(finance))
    with pytest.raises(AskedBackAndReturned):
        finance.fail(finance.first)
    assert (money(finance), line(finance), finance.first.status) == (*before, TrancheStatus.PAID)
    assert sound(finance, change_checks)
    operations.reverse_receipt(session, receipt_id=receipt.id, reason="È lo stesso.", **finance.by(finance.maker))
    finance.fail(finance.first)
    assert (money(finance), state(finance)) == ((0, 0, 0, 0, 0), GrantStatus.REVOKED)
    assert sound(finance, change_checks)


@on_sqlite
def test_of_two_payments_the_other_is_still_asked_back(session, now):
    finance = make_changing(session, now=now)
    pay(finance, finance.first)
    finance.accept_milestones()
    finance.record_durc()
    finance.confirm_coaching()
    second = finance.tranches[1]
    pay(finance, second)
    open_end(finance, EndKind.REVOCATION)
    reply(finance)
    whole = finance.first.amount_cents + second.amount_cents
    the_act = act(finance, to_return=whole)
    decide(finance, the_act.id)
    finance.fail(second)
    (claim,) = claims_of(session, finance.grant.id)
    assert (claim.cents, state(finance)) == (finance.first.amount_cents, GrantStatus.RECOVERING)
    again = decide(finance, the_act.id)
    receive(finance, again, again.open_cents)
    assert state(finance) is GrantStatus.REVOKED
    assert sound(finance, change_checks)


@on_sqlite
def test_the_last_payment_of_a_closed_grant_that_comes_back_opens_it_until_it_is_paid_again(session, now):
    finance = make_costed(session, now=now, spent=2_000_000)
    close(finance)
    last = finance.tranches[1]
    pay(finance, last)
    assert state(finance) is GrantStatus.CLOSED
    finance.fail(last)
    assert (state(finance), last.status) == (GrantStatus.CLOSING, TrancheStatus.FAILED)
    assert sound(finance)
    finance.order(last, by=make_staff(session, finance.world.authority, Role.FINANCE_MAKER, now=now))
    finance.pay(last)
    assert state(finance) is GrantStatus.CLOSED
    assert sound(finance)


@on_sqlite
def test_a_grant_whose_money_came_back_is_at_its_end_and_not_when_a_receipt_was_wrong(session, now):
    finance, the_act = make_revoked(session, now=now)
    recovery = decide(finance, the_act.id)
    receive(finance, recovery, 500)
    assert state(finance) is GrantStatus.RECOVERING
    last = receive(finance, recovery, recovery.open_cents, "CRO 2")
    assert state(finance) is GrantStatus.REVOKED
    operations.reverse_receipt(session, receipt_id=last.id, reason="Era di un altro.", **finance.by(finance.maker))
    assert state(finance) is GrantStatus.RECOVERING
    assert sound(finance, change_checks)
