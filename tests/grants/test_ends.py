"""A grant ends before its time: heard first, then an act; what was not paid goes back to the budget."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import ProofMissing
from portal.applications.rules import ApplicationStatus
from portal.core.errors import Conflict, Invalid, NotFound
from portal.evaluation.models import RankingDeparture
from portal.evaluation.queries.following import set_apart
from portal.grants import checks as grant_checks
from portal.grants.changes import checks, operations
from portal.grants.changes.operations.refusals import (
    ChangedSinceShown,
    NotThisEnd,
    PaymentWithTheBank,
    ProceedingOpen,
    WaitsForReply,
)
from portal.grants.changes.queries import plan_in_force, plan_on, standing_money
from portal.grants.changes.rules import EndKind, Ground, Money
from portal.grants.models import EndAct
from portal.grants.rules import GrantStatus, local_day
from portal.ledger import checks as ledger_checks
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.milestones import checks as milestone_checks
from portal.milestones.operations import GrantNotActive, submit_report
from portal.milestones.queries import plan_of
from portal.milestones.rules import MilestoneStatus
from portal.payments import checks as payment_checks
from portal.payments.operations.refusals import GrantNotPayable
from portal.payments.rules import TrancheStatus
from tests.factories.changes import act, make_changing, open_end, reply
from tests.factories.grants import a_pdf, make_world

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)
CHECKS = (checks, grant_checks, ledger_checks, payment_checks, milestone_checks)
PART, WHOLE = EndKind.PARTIAL_REVOCATION, EndKind.REVOCATION


@pytest.fixture
def under_way(session, now):
    return make_changing(session, now=now)


def sound(finance):
    finance.session.flush()
    assert [line for room in CHECKS for line in room.broken(finance.session)] == []


def line_of(finance):
    return balance_of(finance.session, AccountKind.BUDGET, finance.grant.budget_line_id)


def paid_advance(finance):
    finance.release(finance.first)
    finance.order(finance.first)
    finance.pay(finance.first)


def test_a_revocation_frees_what_was_not_paid_and_asks_back_what_was(under_way):
    paid_advance(under_way)
    before, grant = line_of(under_way), under_way.grant
    open_end(under_way, WHOLE)
    reply(under_way)
    stored = act(under_way, to_return=500_000)
    assert (stored.freed_cents, stored.paid_cents, stored.to_return_cents) == (1_200_000, 800_000, 500_000)
    assert line_of(under_way) == before + 1_200_000
    assert grant.status is GrantStatus.RECOVERING
    assert [each.status for each in under_way.tranches] == [TrancheStatus.PAID, *[TrancheStatus.CANCELLED] * 2]
    assert {each.status for each in plan_of(under_way.session, grant.id)} == {MilestoneStatus.WAIVED}
    version = plan_in_force(under_way.session, grant.id)
    assert version is not None
    assert version.plan.granted_cents == grant.granted_cents == 800_000
    sound(under_way)


def test_a_release_that_no_bank_has_is_taken_back(under_way):
    under_way.release(under_way.first)
    open_end(under_way, EndKind.RENUNCIATION)
    stored = act(under_way)
    assert stored.freed_cents == 2_000_000
    assert under_way.grant.status is GrantStatus.RENOUNCED
    assert standing_money(under_way.session, under_way.grant.id) == Money(0, 0, 0)
    sound(under_way)


@on_sqlite
def test_a_payment_with_the_bank_is_settled_first(under_way):
    under_way.release(under_way.first)
    under_way.order(under_way.first)
    open_end(under_way, EndKind.RENUNCIATION)
    with pytest.raises(PaymentWithTheBank):
        act(under_way)
    under_way.fail(under_way.first)
    act(under_way)
    sound(under_way)


def test_a_part_is_borne_by_the_last_tranches_and_then_by_what_was_paid(under_way):
    open_end(under_way, PART, cents=500_000)
    reply(under_way)
    act(under_way)
    assert under_way.grant.status is GrantStatus.ACTIVE
    amounts = [each.amount_cents for each in under_way.tranches]
    assert amounts == [800_000, 700_000, 400_000]
    assert under_way.tranches[2].status is TrancheStatus.CANCELLED
    sound(under_way)
    paid_advance(under_way)
    open_end(under_way, PART, cents=900_000)
    reply(under_way)
    stored = act(under_way)
    assert (stored.freed_cents, stored.to_return_cents) == (700_000, 200_000)
    sound(under_way)


@on_sqlite
def test_the_recipient_is_heard_before_the_act(under_way):
    open_end(under_way, WHOLE)
    with pytest.raises(WaitsForReply):
        act(under_way)
    with pytest.raises(ProceedingOpen):
        open_end(under_way, PART, cents=1)
    under_way.now += timedelta(days=10)
    with pytest.raises(WaitsForReply):
        act(under_way)
    under_way.now += timedelta(days=1)
    act(under_way)
    assert under_way.grant.status is GrantStatus.REVOKED
    sound(under_way)


@on_sqlite
def test_proceedings_are_closed_without_an_act_by_the_side_that_opened_them(under_way):
    given: dict[str, Any] = {"grant_id": under_way.grant.id, "reason": "Chiarito."}
    open_end(under_way, WHOLE)
    with pytest.raises(Conflict):
        operations.take_back_renunciation(under_way.session, **given, **under_way.by(under_way.world.owner))
    operations.drop_proceeding(under_way.session, **given, **under_way.by(under_way.world.officer))
    open_end(under_way, EndKind.RENUNCIATION)
    operations.take_back_renunciation(under_way.session, **given, **under_way.by(under_way.world.owner))
    assert under_way.grant.status is GrantStatus.ACTIVE
    sound(under_way)


@on_sqlite
def test_an_act_needs_proof_the_right_role_and_the_money_that_was_shown(under_way):
    open_end(under_way, EndKind.RENUNCIATION)
    with pytest.raises(NotFound):
        act(under_way, by=under_way.maker)
    officer = under_way.actor(under_way.world.officer)
    typed = operations.ActTyped("1", under_way.now.date(), "Preso atto.", 0, Money(1, 0, 0))
    given: dict[str, Any] = {"grant_id": under_way.grant.id, "act": typed, "now": under_way.now}
    with pytest.raises(ChangedSinceShown):
        operations.end_grant(under_way.session, **given, actor=officer)
    officer = replace(officer, strong_at=None)
    with pytest.raises(ProofMissing):
        operations.end_grant(under_way.session, **given, actor=officer)


@on_sqlite
def test_more_than_was_paid_is_never_asked_back(under_way):
    open_end(under_way, EndKind.RENUNCIATION)
    with pytest.raises(Invalid):
        act(under_way, to_return=1)
    with pytest.raises(Invalid):
        act(under_way, to_return=-1)


@on_sqlite
def test_a_group_that_missed_its_term_is_forfeited_by_an_act_and_whoever_follows_can_be_funded(session, now):
    world = make_world(session, now=now)
    grant, application = world.award(world.group_application), world.group_application
    officer = {"actor": world.actor(world.officer), "now": now}
    missed: dict[str, Any] = {
        "grant_id": grant.id,
        "kind": EndKind.FORFEITURE,
        "ground": Ground.INCORPORATION_MISSED,
        "reason": "Termine.",
    }
    with pytest.raises(Invalid):
        operations.open_proceeding(session, **missed, **officer)
    with pytest.raises(NotThisEnd):
        operations.open_proceeding(session, **missed | {"kind": WHOLE}, **officer)
    later = now + timedelta(days=100)
    world.now = later
    operations.open_proceeding(session, **missed, actor=world.actor(world.officer), now=later)
    world.now = later + timedelta(days=11)
    before = balance_of(session, AccountKind.BUDGET, grant.budget_line_id)
    assert set_apart(session, [application.id]) == {application.id: 2_000_000}
    typed = operations.ActTyped("DD 9", local_day(world.now), "Non costituito.")
    operations.end_grant(session, grant_id=grant.id, act=typed, actor=world.actor(world.officer), now=world.now)
    assert grant.status is GrantStatus.FORFEITED
    assert balance_of(session, AccountKind.BUDGET, grant.budget_line_id) == before + 2_000_000
    assert application.status is ApplicationStatus.EXCLUDED
    left = session.query(RankingDeparture).filter_by(application_id=application.id).one()
    assert (left.cause, left.act_number) == ("forfeiture", "DD 9")
    assert set_apart(session, [application.id]) == {}
    assert [*checks.broken(session), *grant_checks.broken(session), *payment_checks.broken(session)] == []


def test_a_suspended_grant_reports_and_is_paid_nothing_until_it_goes_on(under_way):
    session, grant, office = under_way.session, under_way.grant, under_way.by(under_way.world.officer)
    asked = under_way.request(under_way.first)
    until = local_day(under_way.now) + timedelta(days=30)
    with pytest.raises(Invalid):
        operations.suspend_grant(
            session, grant_id=grant.id, reason="Verifiche.", until=local_day(under_way.now), **office
        )
    operations.suspend_grant(session, grant_id=grant.id, reason="Verifiche in corso.", until=until, **office)
    with pytest.raises(GrantNotPayable):
        under_way.verify(asked)
    with pytest.raises(GrantNotActive):
        submit_report(session, milestone_id=plan_of(session, grant.id)[0].id, narrative="Fatto", uploads=[a_pdf()],
                      **under_way.by(under_way.world.owner))  # fmt: skip
    sound(under_way)
    operations.resume_grant(session, grant_id=grant.id, reason="Chiarito.", **office)
    under_way.verify(asked)
    assert grant.status is GrantStatus.ACTIVE
    sound(under_way)


@on_sqlite
def test_a_suspended_grant_can_be_ended_which_ends_the_suspension(under_way):
    office = under_way.by(under_way.world.officer)
    until = local_day(under_way.now) + timedelta(days=30)
    operations.suspend_grant(under_way.session, grant_id=under_way.grant.id, reason="Verifiche.", until=until, **office)
    open_end(under_way, WHOLE)
    reply(under_way)
    act(under_way)
    sound(under_way)


@on_sqlite
def test_the_plan_of_before_the_end_is_still_told(under_way):
    day = local_day(under_way.now)
    under_way.now += timedelta(days=5)
    open_end(under_way, EndKind.RENUNCIATION)
    act(under_way)
    before, after = (plan_on(under_way.session, under_way.grant, each) for each in (day, local_day(under_way.now)))
    assert before is not None
    assert after is not None
    assert (before.plan.granted_cents, after.plan.tranches) == (2_000_000, ())


def test_an_act_never_changes(under_way):
    open_end(under_way, EndKind.RENUNCIATION)
    act(under_way)
    with pytest.raises(DBAPIError), under_way.session.begin_nested():
        under_way.session.execute(update(EndAct).values(freed_cents=1))
