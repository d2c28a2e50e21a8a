"""Anybody does anything to a grant in any order: sums hold, the plan follows its changes, the ledger says the same."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.access.models import Person
from portal.access.policy import Role
from portal.core.errors import Refusal
from portal.grants import checks as grant_checks
from portal.grants.changes import checks, operations
from portal.grants.changes.queries import plan_in_force, plan_on, standing_money, versions_of
from portal.grants.changes.rules import BudgetShift, EndKind, Extension, MilestoneChange, replayed
from portal.grants.models import Amendment
from portal.grants.rules import ENDED, local_day
from portal.ledger import checks as ledger_checks
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.milestones import checks as milestone_checks
from portal.milestones.queries import plan_of
from portal.payments import checks as payment_checks
from portal.payments.rules import TrancheStatus
from tests.factories.base import make_staff
from tests.factories.changes import act, answer, ask, make_changing, open_end, reply
from tests.factories.payments import Finance

CHECKS = (checks, grant_checks, ledger_checks, payment_checks, milestone_checks)
KINDS = st.sampled_from(list(EndKind))
CENTS = st.sampled_from([1, 50_000, 700_001, 1_400_000, 2_000_000])


class Changes(RuleBasedStateMachine):
    """One grant, its recipient and its office; what is refused changes nothing."""

    finance: Finance
    colleague: Person
    whole: int

    @initialize()
    def begin(self) -> None:
        self.start = self.finance.now
        self.savepoint = self.session.begin_nested()
        self.answers: dict = {}

    @property
    def session(self):
        return self.finance.session

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            self.finance.now = self.start
            self.savepoint.rollback()
            self.session.expire_all()

    def attempt(self, something, *given, **more) -> None:
        step = self.session.begin_nested()
        try:
            something(*given, **more)
            step.commit()
        except Refusal:
            step.rollback()
            self.session.expire_all()

    @rule(cents=CENTS, back=st.booleans(), office=st.booleans())
    def ask_for_a_shift(self, cents, back, office) -> None:
        places = ("cost_services", "cost_staff") if back else ("cost_staff", "cost_services")
        self.attempt(ask, self.finance, BudgetShift(*places, cents), by=self.finance.world.officer if office else None)

    @rule(days=st.integers(-1, 200))
    def ask_for_a_later_end(self, days) -> None:
        ends_on = self.finance.grant.ends_on
        assert ends_on is not None
        self.attempt(ask, self.finance, Extension(ends_on + timedelta(days=days)))

    @rule(which=st.integers(0, 1), days=st.integers(-40, 40))
    def ask_for_another_day(self, which, days) -> None:
        found = plan_of(self.session, self.finance.grant.id)[which]
        self.attempt(ask, self.finance, MilestoneChange(found.key, found.title, found.due_on + timedelta(days=days)))

    @rule(which=st.integers(0, 5), how=st.sampled_from(["grant", "grant", "refuse", "return"]), colleague=st.booleans())
    def decide(self, which, how, colleague) -> None:
        rows = self.session.query(Amendment).order_by(Amendment.number).all()
        if rows:
            by = self.colleague if colleague else None
            self.attempt(answer, self.finance, rows[which % len(rows)], how, by=by, words="Ecco perché.")

    @rule(on=st.booleans())
    def suspend_or_resume(self, on) -> None:
        given = {
            "grant_id": self.finance.grant.id,
            "reason": "Verifiche.",
            **self.finance.by(self.finance.world.officer),
        }
        if on:
            until = local_day(self.finance.now) + timedelta(days=20)
            self.attempt(operations.suspend_grant, self.session, until=until, **given)
        else:
            self.attempt(operations.resume_grant, self.session, **given)

    @rule(how=st.sampled_from(["propose_all_the_way", "release", "order", "pay", "fail"]))
    def pay_the_next(self, how) -> None:
        begun = {"order": TrancheStatus.APPROVED, "pay": TrancheStatus.ORDERED, "fail": TrancheStatus.ORDERED}
        wanted = begun.get(how, TrancheStatus.PLANNED)
        found = [each for each in self.finance.tranches if each.status is wanted]
        if found:
            self.attempt(getattr(self.finance, how), found[0])

    @rule(kind=KINDS, cents=CENTS)
    def open_proceedings(self, kind, cents) -> None:
        self.attempt(open_end, self.finance, kind, cents=cents)

    @rule()
    def reply_to_them(self) -> None:
        self.attempt(reply, self.finance)

    @rule(share=st.sampled_from([0, 1, 2]))
    def take_the_act(self, share) -> None:
        paid = standing_money(self.session, self.finance.grant.id).paid
        self.attempt(act, self.finance, to_return=paid * share // 2)

    @rule(days=st.sampled_from([1, 12]))
    def wait(self, days) -> None:
        version = plan_in_force(self.session, self.finance.grant.id)
        assert version is not None
        self.answers[local_day(self.finance.now)] = (version.number, version.content)
        self.finance.now += timedelta(days=days)

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "savepoint"):
            self.session.flush()
            assert [line for room in CHECKS for line in room.broken(self.session)] == []

    @invariant()
    def sums_hold(self) -> None:
        if hasattr(self, "savepoint"):
            grant, money = self.finance.grant, standing_money(self.session, self.finance.grant.id)
            assert money.unreleased + money.on_its_way + money.paid == grant.granted_cents
            line = balance_of(self.session, AccountKind.BUDGET, grant.budget_line_id)
            assert line + grant.granted_cents == self.whole
            if grant.status in ENDED:
                assert money.unreleased == money.on_its_way == 0

    @invariant()
    def the_plan_is_what_the_grant_does(self) -> None:
        if hasattr(self, "savepoint"):
            versions = versions_of(self.session, self.finance.grant.id)
            last = versions[-1].plan
            assert replayed(versions[0].plan, [each.changed for each in versions[1:] if each.changed]) == last
            standing = {each.key: each.amount_cents for each in self.finance.tranches
                        if each.status is not TrancheStatus.CANCELLED}  # fmt: skip
            assert standing == {each.key: each.cents for each in last.tranches}
            planned = plan_of(self.session, self.finance.grant.id)
            assert [(each.key, each.title, each.due_on) for each in planned] == [
                (each.key, each.title, each.due_on) for each in last.milestones
            ]

    @invariant()
    def what_was_in_force_on_a_day_that_is_over_stays_the_answer(self) -> None:
        for day, answer_of_then in getattr(self, "answers", {}).items():
            found = plan_on(self.session, self.finance.grant, day)
            assert found is not None
            assert (found.number, found.content) == answer_of_then


@pytest.mark.timeout(600)
@pytest.mark.hypothesis
def test_sums_hold_whatever_happens_to_a_grant(session, now):
    finance = make_changing(session, now=now)
    finance.record_durc()
    whole = balance_of(session, AccountKind.BUDGET, finance.grant.budget_line_id) + finance.grant.granted_cents
    colleague = make_staff(session, finance.world.authority, Role.OFFICER, now=now)
    machine = type("OfThisWorld", (Changes,), {"finance": finance, "whole": whole, "colleague": colleague})
    runs = settings().max_examples // (5 if session.get_bind().dialect.name == "sqlite" else 25)
    run_state_machine_as_test(machine, settings=settings(max_examples=max(runs, 2)))
