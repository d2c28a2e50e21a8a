"""Anybody does anything in any order: after every step the money agrees with the ledger (P6–P10)."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails
from portal.access.policy import Role
from portal.core.errors import Refusal
from portal.ledger import checks as ledger_checks
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.payments import checks, operations
from portal.payments.models import PaymentLine, Tranche
from portal.payments.rules import IN_A_FILE, RELEASED, TrancheStatus
from tests.factories.base import make_person
from tests.factories.payments import IBAN, OTHER_IBAN, Finance, make_finance

WHICH = st.integers(0, 2)
WHO = st.sampled_from(["owner", "officer", "maker", "checker", "both"])


class Money(RuleBasedStateMachine):
    """One grant of three tranches, its people, and every act in any order; what is refused changes nothing."""

    finance: Finance
    """The world, the same for every run; each run is rolled back."""

    @initialize()
    def begin(self) -> None:
        """Everything of a run is in a savepoint."""
        self.start = self.finance.now
        self.savepoint = self.session.begin_nested()
        self.waiting: BankDetails | None = None

    @property
    def session(self) -> Session:
        return self.finance.session

    def teardown(self) -> None:
        """Leave the world as it was."""
        if hasattr(self, "savepoint"):
            self.finance.now = self.start
            self.savepoint.rollback()
            self.session.expire_all()

    def attempt(self, act, *given, **more) -> None:
        before = self.statuses()
        step = self.session.begin_nested()
        try:
            act(*given, **more)
            step.commit()
        except Refusal:
            step.rollback()
            self.session.expire_all()
            assert self.statuses() == before

    def statuses(self) -> list[TrancheStatus]:
        return [tranche.status for tranche in self.finance.tranches]

    def person(self, name: str):
        world = self.finance.world
        return {"owner": world.owner, "officer": world.officer, "maker": self.finance.maker,
                "checker": self.finance.checker, "both": world.coach}[name]  # fmt: skip

    @rule(which=WHICH, who=WHO, act=st.sampled_from(["request", "verify", "propose"]))
    def step(self, which, who, act) -> None:
        operation = getattr(operations, f"{act}_tranche")
        tranche = self.finance.tranches[which]
        self.attempt(operation, self.session, tranche_id=tranche.id, **self.finance.by(self.person(who)))

    @rule()
    def propose_the_next(self) -> None:
        waiting = [each for each in self.finance.tranches if not each.is_released]
        if waiting:
            self.attempt(self.finance.propose_all_the_way, waiting[0])

    @rule(paid=st.booleans())
    def release_and_pay_the_next(self, paid) -> None:
        waiting = [
            each for each in self.finance.tranches if each.status in (TrancheStatus.PLANNED, TrancheStatus.FAILED)
        ]
        if waiting:
            self.attempt(self._through, waiting[0], paid)

    def _through(self, tranche, paid) -> None:
        if not tranche.is_released:
            self.finance.release(tranche)
        self.finance.order(tranche)
        if paid:
            self.finance.pay(tranche)

    @rule(which=WHICH, who=WHO, seen=st.integers(-1, 1))
    def approve(self, which, who, seen) -> None:
        tranche = self.finance.tranches[which]
        self.attempt(self.finance.approve, tranche, version=tranche.version - seen, by=self.person(who))

    @rule(which=WHICH, who=WHO)
    def send_back(self, which, who) -> None:
        tranche, given = self.finance.tranches[which], self.finance.by(self.person(who))
        self.attempt(operations.send_back_tranche, self.session, tranche_id=tranche.id, reason="Manca", **given)

    @rule(chosen=st.sets(WHICH, min_size=1), who=WHO)
    def order(self, chosen, who) -> None:
        tranches = [self.finance.tranches[which] for which in chosen]
        self.attempt(self.finance.order, *tranches, by=self.person(who))

    @rule(which=WHICH, act=st.sampled_from(["pay", "fail"]), back=st.sampled_from([0, 0, 0, 1]))
    def bank(self, which, act, back) -> None:
        started = [each for each in self.finance.tranches if each.is_released] or self.finance.tranches
        tranche = started[which % len(started)]
        query = select(PaymentLine.id).where(PaymentLine.tranche_id == tranche.id)
        lines = self.session.scalars(query.order_by(PaymentLine.id.desc())).all()
        if len(lines) > back:
            self.attempt(getattr(self.finance, act), tranche, line_id=lines[back])

    @rule(iban=st.sampled_from([IBAN, OTHER_IBAN]))
    def change_account(self, iban) -> None:
        self.waiting = self.finance.propose_account(iban)

    @rule(hours=st.sampled_from([1, 25]))
    def confirm_account(self, hours) -> None:
        if self.waiting is not None:
            self.finance.confirm_account(self.waiting)
            self.finance.now += timedelta(hours=hours)
            self.waiting = None

    @rule(days=st.sampled_from([1, 2, 130]))
    def wait(self, days) -> None:
        self.finance.now += timedelta(days=days)

    @rule()
    def renew_durc(self) -> None:
        self.finance.record_durc()

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "savepoint"):
            self.session.flush()
            assert [*ledger_checks.broken(self.session), *checks.broken(self.session)] == []

    @invariant()
    def released_money_never_exceeds_the_award(self) -> None:
        if hasattr(self, "savepoint"):
            kinds = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID)
            left, payable, paid = (balance_of(self.session, kind, self.finance.grant.id) for kind in kinds)
            tranches = self.finance.tranches
            assert min(left, payable, paid) >= 0
            assert left + payable + paid == self.finance.grant.awarded_cents
            assert payable + paid == sum(each.amount_cents for each in tranches if each.status in RELEASED)
            assert paid == sum(each.amount_cents for each in tranches if each.status is TrancheStatus.PAID)

    @invariant()
    def every_release_has_two_people_and_one_live_line_once_ordered(self) -> None:
        if hasattr(self, "savepoint"):
            for tranche in self.finance.tranches:
                assert tranche.approved_by is None or tranche.approved_by != tranche.proposed_by
                assert (tranche.approved_by is not None) == (tranche.status in RELEASED)
                live = select(PaymentLine).where(PaymentLine.tranche_id == tranche.id, PaymentLine.failed_at.is_(None))
                assert len(self.session.scalars(live).all()) == (tranche.status in IN_A_FILE)

    @invariant()
    def tranches_are_released_in_order(self) -> None:
        if hasattr(self, "savepoint"):
            released = [status in RELEASED for status in self.statuses()]
            assert released == sorted(released, reverse=True)


@pytest.mark.timeout(600)
def test_money_agrees_with_the_ledger_whatever_anybody_does(session, now):
    finance = make_finance(session, now=now)
    finance.world.coach = _with_both_roles(finance)
    finance.accept_milestones()
    finance.record_durc()
    finance.confirm_coaching()
    machine = type("OfThisWorld", (Money,), {"finance": finance})
    run_state_machine_as_test(machine, settings=settings(max_examples=_runs(session)))
    assert session.scalars(select(Tranche.status).distinct()).all() == [TrancheStatus.PLANNED]


def _runs(session: Session) -> int:
    """Fewer on PostgreSQL: the acts are those of SQLite again, and each takes longer."""
    runs = settings().max_examples
    return runs if session.get_bind().dialect.name == "sqlite" else runs * 2 // 5


def _with_both_roles(finance: Finance):
    roles = (Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Role.COACH)
    return make_person(finance.session, now=finance.now, authority=finance.world.authority, roles=roles)
