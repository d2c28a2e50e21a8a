"""Money asked back by an act, with interest; what comes back is recorded once and goes back to the budget line."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.grants.changes import checks as change_checks
from portal.grants.changes.queries import standing_money
from portal.ledger import checks as ledger_checks
from portal.ledger.operations import NotEnough
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.payments import checks as payment_checks
from portal.payments.guarantees.rules import GuaranteeStatus
from portal.payments.recoveries import checks, operations
from portal.payments.recoveries.interest import Instalment
from portal.payments.recoveries.models import RecoveryReceipt
from portal.payments.recoveries.refusals import (
    ChangedSinceShown,
    KnownReference,
    MoneyCameBack,
    NothingToAskBack,
    NotTheLatest,
)
from portal.payments.recoveries.rules import RecoveryStatus, principal_in
from tests.factories.base import bari_design
from tests.factories.gated import guarantee, open_irregularity
from tests.factories.recovering import decide, make_revoked, receive

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
KINDS = (AccountKind.PAID, AccountKind.RECOVERABLE, AccountKind.RETURNED)
ROOMS = (checks, ledger_checks, payment_checks, change_checks)


@pytest.fixture
def revoked(session, now):
    """Paid, revoked, and 365 days later at 3.65 % a year: 1 cent a day on each euro of a hundred."""
    base = bari_design()
    rules = replace(base.payments, recovery_interest=Decimal("3.65"))
    finance, act = make_revoked(session, now=now, design=replace(base, payments=rules))
    finance.now = now + timedelta(days=100)
    return finance, act


def money(finance) -> tuple[int, ...]:
    return tuple(balance_of(finance.session, kind, finance.grant.id) for kind in KINDS)


def standing(recovery) -> RecoveryStatus:
    status: RecoveryStatus = recovery.status
    return status


def line(finance) -> int:
    return balance_of(finance.session, AccountKind.BUDGET, finance.grant.budget_line_id)


def sound(finance) -> bool:
    finance.session.flush()
    finance.session.expire_all()
    return [told for room in ROOMS for told in room.broken(finance.session)] == []


DAY = date(2026, 1, 31)
PLAN = [Instalment(1, DAY, 50, 30), Instalment(2, DAY, 50, 5)]


@pytest.mark.parametrize(
    ("returned", "principal"), [(0, 0), (30, 0), (31, 1), (80, 50), (85, 50), (86, 51), (135, 100)]
)
def test_money_pays_the_interest_of_an_instalment_first(returned, principal):
    assert principal_in(returned, PLAN) == principal


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=6), st.data())
def test_all_that_came_back_is_principal_or_interest_and_never_goes_down(sums, data):
    plan = [Instalment(number, DAY, *each) for number, each in enumerate(sums, 1)]
    whole = sum(each.cents for each in plan)
    less = data.draw(st.integers(0, whole))
    more = data.draw(st.integers(less, whole))
    assert principal_in(whole, plan) == sum(each.principal_cents for each in plan)
    assert 0 <= principal_in(more, plan) - principal_in(less, plan) <= more - less


def test_an_act_is_asked_back_whole_with_interest_since_it_was_paid(revoked):
    finance, act = revoked
    paid = finance.first.amount_cents
    recovery = decide(finance, act.id)
    # 100 days at 3.65 % of a year of 365: one per cent
    assert (recovery.principal_cents, recovery.interest_cents) == (paid, paid // 100)
    assert money(finance) == (0, paid + paid // 100, 0)
    assert [(part.tranche_id, part.cents) for part in recovery.parts] == [(finance.first.id, paid)]
    assert recovery.rates == {"fixed": 365}
    assert standing_money(finance.session, finance.grant.id).asked_back == 0
    assert sound(finance)


def test_money_comes_back_in_parts_and_its_principal_goes_to_the_budget(revoked):
    finance, act = revoked
    paid, before = finance.first.amount_cents, line(finance)
    recovery = decide(finance, act.id)
    receive(finance, recovery, paid // 100)
    assert money(finance) == (0, paid, paid // 100), "interest first: it stays with the authority"
    assert line(finance) == before
    receive(finance, recovery, paid - 1, "CRO 2")
    assert line(finance) == before + paid - 1
    assert standing(recovery) is RecoveryStatus.DECIDED
    receive(finance, recovery, 1, "CRO 3")
    assert standing(recovery) is RecoveryStatus.SETTLED
    assert (money(finance), line(finance)) == ((0, 0, paid // 100), before + paid)
    assert sound(finance)
    with pytest.raises(IllegalMove):
        receive(finance, recovery, 1, "CRO 4")


def test_one_movement_of_the_bank_counts_once(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id)
    first = receive(finance, recovery, 500)
    assert receive(finance, recovery, 500).id == first.id
    with pytest.raises(KnownReference):
        receive(finance, recovery, 501)
    assert finance.session.scalars(select(RecoveryReceipt)).all() == [first]
    assert recovery.returned_cents == 500


def test_instalments_bear_interest_of_their_own(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id, instalments=3)
    days = [each.due_on for each in recovery.instalments]
    assert (len(days), days) == (3, sorted(days))
    assert sum(each.principal_cents for each in recovery.instalments) == recovery.principal_cents
    assert recovery.interest_cents > recovery.principal_cents // 100
    assert [each.until_here_cents for each in recovery.instalments][-1] == recovery.asked_cents
    assert sound(finance)


@on_sqlite
def test_what_was_shown_is_what_is_decided(revoked):
    finance, act = revoked
    with pytest.raises(ChangedSinceShown):
        decide(finance, act.id, seen="1-1-1")
    for wrong in ({"cents": act.to_return_cents - 1}, {"instalments": 0}, {"instalments": 25}, {"reason": " "}):
        with pytest.raises(Invalid):
            decide(finance, act.id, **wrong)
    with pytest.raises(NothingToAskBack):
        decide(finance, finance.grant.id)
    assert money(finance)[1] == 0


def test_the_same_act_is_asked_back_once(revoked):
    finance, act = revoked
    decide(finance, act.id)
    with pytest.raises(NothingToAskBack):
        decide(finance, act.id)


@on_sqlite
def test_more_than_is_open_or_on_another_day_is_refused(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id)
    for cents in (recovery.asked_cents + 1, 0):
        with pytest.raises(Invalid):
            receive(finance, recovery, cents)
    for days in (-1, 1):
        with pytest.raises(Invalid):
            receive(finance, recovery, 1, received_on=recovery.decided_on + timedelta(days=days))


def test_a_wrong_receipt_is_reversed_from_the_latest_back(revoked):
    finance, act = revoked
    before = line(finance)
    recovery = decide(finance, act.id)
    first = receive(finance, recovery, recovery.interest_cents + 100)
    last = receive(finance, recovery, recovery.open_cents, "CRO 2")
    with pytest.raises(NotTheLatest):
        take_out(finance, first)
    take_out(finance, last)
    assert (recovery.status, line(finance)) == (RecoveryStatus.DECIDED, before + 100)
    take_out(finance, first)
    assert (recovery.returned_cents, line(finance)) == (0, before)
    assert sound(finance)
    assert receive(finance, recovery, 7).counts, "its reference is free again"
    assert sound(finance)


def take_out(finance, receipt):
    return operations.reverse_receipt(
        finance.session, receipt_id=receipt.id, reason="Era di un altro.", **finance.by(finance.maker)
    )


def reverse(finance, recovery):
    return operations.reverse_recovery(
        finance.session, recovery_id=recovery.id, reason="Sentenza.", **finance.by(finance.world.officer)
    )


def test_a_recovery_is_taken_back_before_money_came_and_can_be_decided_anew(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id)
    receipt = receive(finance, recovery, 100)
    with pytest.raises(MoneyCameBack):
        reverse(finance, recovery)
    take_out(finance, receipt)
    reverse(finance, recovery)
    assert money(finance) == (finance.first.amount_cents, 0, 0)
    assert standing_money(finance.session, finance.grant.id).asked_back == act.to_return_cents
    assert sound(finance)
    assert decide(finance, act.id, instalments=2).number == 2
    assert sound(finance)


def test_a_guarantor_pays_and_its_guarantee_is_called(session, now):
    finance, act = make_revoked(session, now=now)
    covering = guarantee(finance)
    recovery = decide(finance, act.id)
    receipt = receive(finance, recovery, 100, guarantee_id=covering.id)
    assert (receipt.payer.value, covering.status) == ("guarantor", GuaranteeStatus.CALLED)
    receive(finance, recovery, 100, "CRO 2", guarantee_id=covering.id)
    with pytest.raises(Invalid):
        receive(finance, recovery, 100, "CRO 3", guarantee_id=act.id)
    assert sound(finance)


def test_of_an_irregularity_part_can_be_asked_back(revoked):
    finance, act = revoked
    found = open_irregularity(finance, 5_000)
    with pytest.raises(Invalid):
        decide(finance, found.id, cents=5_001)
    recovery = decide(finance, found.id, cents=4_000)
    assert recovery.principal_cents == 4_000
    assert standing_money(finance.session, finance.grant.id).asked_back == act.to_return_cents
    rest = decide(finance, act.id)
    assert rest.principal_cents == act.to_return_cents - 4_000, "of an act what is left of the payments"
    assert sound(finance)


@on_sqlite
def test_the_recipient_decides_and_records_nothing(revoked):
    finance, act = revoked
    typed = operations.RecoveryTyped(act.id, "1", finance.now.date(), "Perché no.")
    with pytest.raises((NotFound, Forbidden)):
        operations.decide_recovery(
            finance.session, grant_id=finance.grant.id, typed=typed, **finance.by(finance.world.owner)
        )
    recovery = decide(finance, act.id)
    money_back = operations.ReceiptTyped("1", finance.now.date(), 1)
    for person in (finance.world.owner, finance.world.officer):
        with pytest.raises((NotFound, Forbidden)):
            operations.record_receipt(finance.session, recovery_id=recovery.id, typed=money_back, **finance.by(person))


def test_the_database_keeps_what_was_decided(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id)
    receive(finance, recovery, 100)
    for statement in (
        "UPDATE recovery SET principal_cents = principal_cents - 1",
        "UPDATE recovery SET returned_cents = principal_cents + interest_cents + 1",
        "UPDATE recovery_part SET cents = 1",
        "UPDATE recovery_receipt SET cents = 1",
        "DELETE FROM recovery_instalment",
        "UPDATE recovery SET status = 'settled'",
        "UPDATE recovery SET status = 'reversed', reversed_reason = 'x'",
    ):
        with pytest.raises(DBAPIError), finance.session.begin_nested():
            finance.session.execute(text(statement))


def test_one_altered_figure_is_seen(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id)
    receive(finance, recovery, 100)
    assert sound(finance)
    finance.session.execute(text("UPDATE recovery SET returned_cents = 99"))
    assert not sound(finance)


def test_what_was_returned_and_awarded_again_cannot_be_taken_out(revoked):
    finance, act = revoked
    recovery = decide(finance, act.id)
    receipt = receive(finance, recovery, recovery.open_cents)
    finance.session.execute(text("UPDATE ledger_account SET balance_cents = 0 WHERE kind = 'budget'"))
    finance.session.expire_all()
    with pytest.raises(NotEnough):
        take_out(finance, receipt)
