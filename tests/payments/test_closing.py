"""Closing a grant: the account by one person, the act by another, and what follows until nothing is open."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Tie
from portal.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from portal.grants import checks as grant_checks
from portal.grants.apart import OwnOrganisation, TwoPeople
from portal.grants.changes.operations.refusals import NotThisEnd, NotUnderWay
from portal.grants.changes.rules import EndKind, Extension
from portal.grants.rules import GrantStatus, local_day
from portal.ledger import checks as ledger_checks
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.operations.refusals import CostsNotOpen
from portal.milestones.costs.operations.starting import start_report
from portal.milestones.costs.rules import CostReportStatus
from portal.milestones.models import Milestone
from portal.payments import checks as payment_checks
from portal.payments.closing import checks, operations
from portal.payments.closing.letters import make_letter
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.refusals import AccountStands, ChangedSincePrepared, StillOpen
from portal.payments.closing.rules import AccountStatus, Basis, Matter
from portal.payments.irregularities.operations.opening import IrregularityTyped
from portal.payments.irregularities.operations.opening import open_irregularity as enter_irregularity
from portal.payments.irregularities.rules import IrregularityKind
from portal.payments.operations.refusals import GrantNotPayable
from portal.payments.operations.telling import money_changed
from portal.payments.recoveries import checks as recovery_checks
from portal.payments.recoveries.refusals import NothingToAskBack
from portal.payments.recoveries.rules import RecoverySource
from portal.payments.rules import TrancheStatus
from tests.factories.base import join
from tests.factories.changes import ask, open_end
from tests.factories.closing import approve, close, make_costed, make_reimbursed, pay, prepare
from tests.factories.gated import REPAID, approve_costs, close_irregularity, open_irregularity, record
from tests.factories.payments import make_finance
from tests.factories.recovering import decide, receive

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
ROOMS = (checks, recovery_checks, payment_checks, ledger_checks, grant_checks)


def state(finance) -> GrantStatus:
    status: GrantStatus = finance.grant.status
    return status


def held(finance, kind: AccountKind) -> int:
    owner = finance.grant.budget_line_id if kind is AccountKind.BUDGET else finance.grant.id
    return balance_of(finance.session, kind, owner)


def sound(finance) -> bool:
    finance.session.flush()
    finance.session.expire_all()
    told = [line for room in ROOMS for line in room.broken(finance.session)]
    assert told == []
    return True


def matters(finance) -> list[Matter]:
    with pytest.raises(StillOpen) as refused:
        prepare(finance)
    return list(refused.value.matters)


def test_the_last_tranche_pays_the_balance_and_the_grant_is_closed_once_it_is_paid(session, now):
    finance = make_costed(session, now=now, spent=2_000_000)
    budget = held(finance, AccountKind.BUDGET)
    account = close(finance)
    assert (account.basis, account.entitled_cents, account.to_pay_cents) == (Basis.COSTS, 1_600_000, 600_000)
    assert (state(finance), held(finance, AccountKind.BUDGET)) == (GrantStatus.CLOSING, budget + 400_000)
    last = finance.tranches[1]
    assert (last.amount_cents, last.unclaimed_cents, last.status) == (600_000, 0, TrancheStatus.PLANNED)
    assert sound(finance)
    pay(finance, last)
    assert (state(finance), held(finance, AccountKind.AWARD)) == (GrantStatus.CLOSED, 0)
    assert held(finance, AccountKind.PAID) == 1_600_000
    assert sound(finance)


def test_what_was_paid_too_much_is_asked_back_and_then_the_grant_is_closed(session, now):
    finance = make_costed(session, now=now, spent=1_000_000)
    account = close(finance)
    assert (account.to_return_cents, account.freed_cents) == (200_000, 1_000_000)
    assert (state(finance), finance.tranches[1].status) == (GrantStatus.CLOSING, TrancheStatus.CANCELLED)
    recovery = decide(finance, account.id)
    assert (recovery.source, recovery.final_account_id) == (RecoverySource.FINAL_ACCOUNT, account.id)
    assert (recovery.principal_cents, state(finance)) == (200_000, GrantStatus.CLOSING)
    assert sound(finance)
    receive(finance, recovery, recovery.open_cents)
    assert (state(finance), held(finance, AccountKind.PAID)) == (GrantStatus.CLOSED, 800_000)
    assert sound(finance)


def test_a_grant_that_is_even_is_closed_by_the_act_and_what_was_not_used_is_freed(session, now):
    finance = make_costed(session, now=now, spent=1_250_000)
    budget = held(finance, AccountKind.BUDGET)
    close(finance)
    assert (state(finance), held(finance, AccountKind.AWARD)) == (GrantStatus.CLOSED, 0)
    assert held(finance, AccountKind.BUDGET) == budget + 1_000_000
    assert sound(finance)


@on_sqlite
def test_costs_that_no_tranche_waits_for_are_not_asked(session, now):
    finance = make_finance(session, now=now)
    for milestone in session.scalars(select(Milestone).where(Milestone.grant_id == finance.grant.id)):
        assert milestone.status.value == "planned"
    pay(finance, finance.first)
    account = close(finance)
    # nothing that waits for a milestone was earned: the advance is kept, the rest is freed
    assert (account.basis, account.entitled_cents) == (Basis.RESULTS, finance.first.amount_cents)
    assert state(finance) is GrantStatus.CLOSED
    assert sound(finance)


@on_sqlite
def test_what_an_earlier_reimbursement_left_is_paid_by_the_last_or_freed(session, now):
    finance = make_reimbursed(session, now, REPAID)
    first, _second, last = finance.tranches
    assert (first.amount_cents, first.unclaimed_cents) == (400_000, 400_000)
    approve_costs(finance, 1_500_000)
    account = close(finance)
    assert account.to_pay_cents == 1_200_000
    assert (last.amount_cents, first.unclaimed_cents) == (1_200_000, 0), "more than the plan gave it"
    assert sound(finance)
    pay(finance, last)
    assert state(finance) is GrantStatus.CLOSED
    assert sound(finance)


@on_sqlite
def test_once_every_tranche_is_released_a_last_one_is_drawn(session, now):
    finance = make_reimbursed(session, now, [replace(REPAID[0], share=Decimal(100))])
    approve_costs(finance, 1_000_000)
    account = close(finance)
    drawn = finance.tranches[-1]
    assert (account.to_pay_cents, drawn.amount_cents, drawn.number) == (800_000, 800_000, 2)
    assert sound(finance)
    pay(finance, drawn)
    assert state(finance) is GrantStatus.CLOSED
    assert sound(finance)


@on_sqlite
def test_whatever_is_still_open_is_said(session, now):
    finance = make_costed(session, now=now, spent=2_000_000)
    found = open_irregularity(finance, 5_000)
    open_end(finance, EndKind.REVOCATION)
    report = session.scalars(select(CostReport)).first()
    report.status, report.accepted_cents = CostReportStatus.CLARIFYING, None
    report.decided_by = report.decided_at = None
    session.flush()
    assert set(matters(finance)) == {Matter.IRREGULARITY, Matter.PROCEEDING, Matter.COST_REPORT}
    assert session.scalars(select(FinalAccount)).all() == []
    close_irregularity(finance, found)
    assert Matter.IRREGULARITY not in matters(finance)


@on_sqlite
def test_a_payment_under_way_and_money_that_is_to_come_back_hold_it(session, now):
    finance = make_costed(session, now=now, spent=2_500_000)
    finance.propose_all_the_way(finance.tranches[1])
    assert matters(finance) == [Matter.PAYMENT]
    found = open_irregularity(finance, 5_000)
    decide(finance, found.id)
    close_irregularity(finance, found)
    assert set(matters(finance)) == {Matter.PAYMENT, Matter.RECOVERY}


@on_sqlite
def test_preparing_and_approving_are_two_people_apart_from_the_recipient(session, now):
    finance = make_costed(session, now=now, spent=1_250_000)
    account = prepare(finance, by=finance.checker)
    with pytest.raises(TwoPeople):
        approve(finance, account, by=finance.checker)
    for stranger in (finance.world.owner, finance.world.coach, finance.maker):
        with pytest.raises((NotFound, Forbidden)):
            approve(finance, account, by=stranger)
    join(session, finance.world.officer, finance.world.association, Tie.VIEWER, now=now)
    with pytest.raises(OwnOrganisation):
        approve(finance, account, by=finance.world.officer)
    assert state(finance) is GrantStatus.ACTIVE


def test_one_account_stands_at_a_time_and_is_approved_as_it_was_prepared(session, now):
    finance = make_costed(session, now=now, spent=1_250_000)
    account = prepare(finance)
    with pytest.raises(AccountStands):
        prepare(finance)
    approve_costs(finance, 100_000)
    with pytest.raises(ChangedSincePrepared):
        approve(finance, account)
    with pytest.raises(Invalid):
        operations.withdraw_account(session, account_id=account.id, reason=" ", **finance.by(finance.world.officer))
    operations.withdraw_account(session, account_id=account.id, reason="Altri costi.", **finance.by(finance.maker))
    assert account.status is AccountStatus.WITHDRAWN
    with pytest.raises(ChangedSincePrepared):
        prepare(finance, seen="1")
    again = prepare(finance)
    with pytest.raises(Invalid):
        approve(finance, again, number=" ")
    with pytest.raises(ChangedSincePrepared):
        approve(finance, again, version=7)
    approve(finance, again, version=again.version)
    with pytest.raises(IllegalMove):
        approve(finance, again)
    assert sound(finance)


def start_costs(finance):
    day = local_day(finance.now)
    return start_report(
        finance.session, grant_id=finance.grant.id, from_on=day, until_on=day, **finance.by(finance.world.owner)
    )


@on_sqlite
def test_what_is_found_wrong_after_the_end_opens_the_grant_again_until_it_is_mended(session, now):
    finance = make_costed(session, now=now, spent=1_250_000)
    close(finance)
    typed = IrregularityTyped(IrregularityKind.COSTS, local_day(now), "Una fattura è doppia.", 5_000)
    found = enter_irregularity(session, grant_id=finance.grant.id, typed=typed, **finance.by(finance.world.officer))
    assert state(finance) is GrantStatus.CLOSING
    finance.now += timedelta(days=20)
    recovery = decide(finance, found.id)
    receive(finance, recovery, recovery.open_cents)
    assert state(finance) is GrantStatus.CLOSING
    close_irregularity(finance, found)
    money_changed(session, grants=[finance.grant], **finance.by(finance.world.officer))
    assert state(finance) is GrantStatus.CLOSED
    assert sound(finance)


@on_sqlite
def test_a_closed_grant_refuses_every_later_act(session, now):
    finance = make_costed(session, now=now, spent=1_250_000)
    close(finance)
    attempts = {
        "another account": (AccountStands, lambda: prepare(finance)),
        "a tranche": (IllegalMove, lambda: finance.request(finance.tranches[1])),
        "proceedings": (NotThisEnd, lambda: open_end(finance, EndKind.REVOCATION)),
        "a change": (NotUnderWay, lambda: ask(finance, Extension(date(2030, 1, 1)))),
        "costs": (CostsNotOpen, lambda: start_costs(finance)),
        "a guarantee": (GrantNotPayable, lambda: record(finance)),
        "a recovery": (NothingToAskBack, lambda: decide(finance, finance.grant.id)),
    }
    for refusal, attempt in attempts.values():
        with pytest.raises(refusal):
            attempt()
    assert state(finance) is GrantStatus.CLOSED


def test_the_database_keeps_a_final_account_as_it_was(session, now):
    finance = make_costed(session, now=now, spent=1_000_000)
    account = prepare(finance)
    session.flush()
    for statement in (
        "UPDATE final_account SET entitled_cents = entitled_cents + 1",
        "UPDATE final_account SET approved_by = prepared_by",
        "UPDATE final_account SET status = 'approved'",
        "DELETE FROM final_account",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))
    approve(finance, account)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE final_account SET act_number = 'DD 91/2026'"))


@on_sqlite
def test_the_checks_see_a_figure_that_the_ledger_does_not_say(session, now):
    finance = make_costed(session, now=now, spent=2_000_000)
    close(finance)
    assert sound(finance)
    session.execute(text("UPDATE cost_report SET accepted_cents = accepted_cents - 100, claimed_cents = claimed_cents"))
    assert list(checks.broken(session)) != []


@on_sqlite
def test_the_letter_is_made_once_registered_and_announced(session, now):
    finance = make_costed(session, now=now, spent=1_000_000)
    account = close(finance)
    letter = make_letter(session, account_id=account.id, now=now)
    assert letter is not None
    assert letter.protocol_entry.label
    assert make_letter(session, account_id=account.id, now=now) is None
