"""Tax withheld: decided by the office's finding, computed in the releasing transaction, paid apart from the net."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.calls.rules import GateName
from portal.grants.queries.grants import money_of
from portal.ledger import checks as ledger_checks
from portal.ledger.models import LedgerEntry
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind, PostingKind
from portal.payments import checks
from portal.payments.operations.refusals import GatesClosed
from portal.reporting.queries.totals import home_totals
from tests.factories.gated import TAXED, agree_budget, find_activity, make_gated, template

KINDS = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID, AccountKind.WITHHELD)


@pytest.fixture
def finance(session, now):
    return make_gated(session, now=now, tranches=[template("all", 100)], rules=TAXED)


def money(finance) -> tuple[int, ...]:
    return tuple(balance_of(finance.session, kind, finance.grant.id) for kind in KINDS)


def sound(finance) -> bool:
    finance.session.flush()
    return [*checks.broken(finance.session), *ledger_checks.broken(finance.session)] == []


def test_nothing_is_asked_for_before_the_office_decided(finance):
    with pytest.raises(GatesClosed) as refused:
        finance.request(finance.first)
    assert [gate.name for gate in refused.value.gates] == [GateName.ACTIVITY_FOUND]


def test_gross_leaves_the_award_and_net_and_tax_leave_apart(finance):
    find_activity(finance, is_undertaking=True)
    tranche = finance.release(finance.first)
    assert (tranche.amount_cents, tranche.withheld_cents, tranche.net_cents) == (2_000_000, 80_000, 1_920_000)
    assert money(finance) == (0, 2_000_000, 0, 0)
    order = finance.order(tranche)
    assert (order.total_cents, finance.line_of(tranche).amount_cents) == (1_920_000, 1_920_000)
    finance.pay(tranche)
    assert money(finance) == (0, 0, 1_920_000, 80_000)
    assert sound(finance)


def test_every_page_counts_the_tax_as_paid_for_the_recipient(finance):
    find_activity(finance, is_undertaking=True)
    tranche = finance.release(finance.first)
    finance.order(tranche)
    finance.pay(tranche)
    held = money_of(finance.session, [tranche.grant_id])[tranche.grant_id]
    assert (held.paid, held.released) == (tranche.amount_cents, tranche.amount_cents)
    assert home_totals(finance.session).money.paid_cents == tranche.amount_cents


def test_a_payment_that_comes_back_brings_its_tax_back(finance):
    find_activity(finance, is_undertaking=True)
    tranche = finance.release(finance.first)
    for paid in (False, True, True):
        finance.order(tranche)
        if paid:
            finance.pay(tranche)
        finance.fail(tranche)
        assert money(finance) == (0, 2_000_000, 0, 0)
        assert sound(finance)
    taxes = select(LedgerEntry).where(LedgerEntry.posting == PostingKind.TAX_WITHHELD)
    assert len(finance.session.scalars(taxes).all()) == 2


def test_nothing_is_withheld_without_an_economic_activity(finance):
    find_activity(finance, is_undertaking=False)
    tranche = finance.release(finance.first)
    assert tranche.withheld_cents == 0
    finance.order(tranche)
    finance.pay(tranche)
    assert money(finance) == (0, 0, 2_000_000, 0)
    assert sound(finance)


def test_what_is_found_between_proposal_and_approval_counts(finance):
    """The tax is that of the instant of release, not that of the page."""
    find_activity(finance, is_undertaking=False)
    tranche = finance.propose_all_the_way(finance.first)
    find_activity(finance, is_undertaking=True)
    assert finance.approve(tranche).withheld_cents == 80_000


def test_what_is_found_after_the_release_changes_nothing(finance):
    find_activity(finance, is_undertaking=True)
    tranche = finance.release(finance.first)
    find_activity(finance, is_undertaking=False)
    finance.order(tranche)
    assert finance.line_of(tranche).amount_cents == 1_920_000
    with pytest.raises(IntegrityError, match="released tranche"), finance.session.begin_nested():
        finance.session.execute(text("UPDATE tranche SET withheld_cents = 1 WHERE status = 'ordered'"))


def test_investment_goods_are_left_out_by_their_share_of_the_budget(session, now):
    rules = replace(TAXED, investment=["equipment"])
    finance = make_gated(session, now=now, tranches=[template("all", 100)], rules=rules)
    find_activity(finance, is_undertaking=True)
    agree_budget(finance, equipment=500_000, staff=1_500_000)
    assert finance.release(finance.first).withheld_cents == 60_000


def test_tax_that_the_ledger_does_not_say_is_found(finance):
    find_activity(finance, is_undertaking=True)
    tranche = finance.release(finance.first)
    finance.order(tranche)
    finance.pay(tranche)
    finance.session.execute(text("DROP TRIGGER tranche_withholding" + on(finance)))
    finance.session.execute(text("UPDATE tranche SET withheld_cents = 79999"))
    finance.session.expire_all()
    assert any("which the ledger does not say" in line for line in checks.broken(finance.session))


def on(finance) -> str:
    return " ON tranche" if finance.session.get_bind().dialect.name == "postgresql" else ""
