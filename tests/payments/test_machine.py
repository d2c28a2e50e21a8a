"""Anybody does anything in any order: after every step the money agrees with the ledger (P6–P10).

What is released was free to be released: no irregularity open, a guarantee in force, the day's limit kept.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, Person
from portal.access.policy import Role
from portal.calls.rules import CallDesign, GateName
from portal.core.errors import Refusal
from portal.grants.rules import local_day
from portal.ledger import checks as ledger_checks
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.payments import checks, operations
from portal.payments.guarantees.models import Guarantee
from portal.payments.irregularities.models import Irregularity
from portal.payments.limits.operations import set_limit
from portal.payments.models import PaymentLine, Tranche
from portal.payments.rules import IN_A_FILE, RELEASED, TrancheStatus
from tests.factories.base import bari_design, make_person, make_staff
from tests.factories.gated import (
    TAXED,
    another,
    answer,
    close_irregularity,
    find_activity,
    give_back,
    guarantee,
    open_irregularity,
)
from tests.factories.payments import IBAN, OTHER_IBAN, Finance, make_finance

WHICH = st.integers(0, 2)
WHO = st.sampled_from(["owner", "officer", "maker", "checker", "both"])


class Money(RuleBasedStateMachine):
    """One grant of three tranches, its people, and every act in any order; what is refused changes nothing."""

    finance: Finance
    first: Guarantee
    administrator: Person
    """The world, the same for every run; each run is rolled back."""

    @initialize()
    def begin(self) -> None:
        """Everything of a run is in a savepoint."""
        self.start = self.finance.now
        self.savepoint = self.session.begin_nested()
        self.waiting: BankDetails | None = None
        self.guarantee: Guarantee | None = self.first
        self.guarantees = 1
        self.irregularity: Irregularity | None = None
        self.limit: int | None = None
        self.taxed = True
        self.released_on: list[tuple[UUID, date, int]] = []

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
        before, released = self.statuses(), {each.id for each in self.finance.tranches if each.is_released}
        step = self.session.begin_nested()
        try:
            act(*given, **more)
            step.commit()
            for tranche in self.finance.tranches:
                if tranche.is_released and tranche.id not in released:
                    self._must_have_been_free(tranche, self.session.get_one(Person, tranche.approved_by))
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
    def renew_papers(self) -> None:
        self.finance.record_durc()
        answer(self.finance)

    # ---- what a release asks besides ----

    @rule()
    def give_the_guarantee_back(self) -> None:
        if self.guarantee is not None:
            give_back(self.finance, self.guarantee)
            self.guarantee = None

    @rule()
    def guarantee_again(self) -> None:
        if self.guarantee is None:
            self.guarantees += 1
            self.guarantee = another(self.finance, self.first, self.guarantees)

    @rule()
    def open_an_irregularity(self) -> None:
        self.irregularity = self.irregularity or open_irregularity(self.finance)

    @rule()
    def close_the_irregularity(self) -> None:
        if self.irregularity is not None:
            close_irregularity(self.finance, self.irregularity)
            self.irregularity = None

    @rule(cents=st.sampled_from([None, None, 0, 800_000, 1_000_000]))
    def set_the_limit(self, cents) -> None:
        self.limit = cents
        set_limit(
            self.session, authority=self.finance.world.authority, person_id=None, cents=cents,
            **self.finance.by(self.administrator),
        )  # fmt: skip

    @rule(is_undertaking=st.booleans())
    def decide_activity(self, is_undertaking) -> None:
        self.taxed = is_undertaking
        find_activity(self.finance, is_undertaking=is_undertaking)

    @rule(how=st.sampled_from([give_the_guarantee_back, open_an_irregularity, guarantee_again, close_the_irregularity]))
    def something_happens_before_the_approval(self, how) -> None:
        waiting = [each for each in self.finance.tranches if not each.is_released]
        if waiting and waiting[0].status is TrancheStatus.PLANNED:
            self.attempt(self.finance.propose_all_the_way, waiting[0])
        if waiting and waiting[0].status is TrancheStatus.PROPOSED:
            how(self)
            self.attempt(self.finance.approve, waiting[0])

    def _must_have_been_free(self, tranche, by) -> None:
        """Told by this machine alone, without the gates: what stood when somebody released it."""
        assert self.irregularity is None
        assert self.guarantee is not None or tranche.number > 1
        assert tranche.withheld_cents == (tranche.amount_cents * 4 // 100 if self.taxed else 0)
        day = local_day(self.finance.now)
        self.released_on.append((by.id, day, tranche.amount_cents))
        today = sum(cents for person, on, cents in self.released_on if (person, on) == (by.id, day))
        assert self.limit is None or today <= self.limit

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "savepoint"):
            self.session.flush()
            assert [*ledger_checks.broken(self.session), *checks.broken(self.session)] == []

    @invariant()
    def released_money_never_exceeds_the_award(self) -> None:
        if hasattr(self, "savepoint"):
            kinds = (AccountKind.AWARD, AccountKind.PAYABLE, AccountKind.PAID, AccountKind.WITHHELD)
            left, payable, paid, tax = (balance_of(self.session, kind, self.finance.grant.id) for kind in kinds)
            tranches = self.finance.tranches
            assert min(left, payable, paid, tax) >= 0
            assert left + payable + paid + tax == self.finance.grant.awarded_cents
            assert payable + paid + tax == sum(each.amount_cents for each in tranches if each.status in RELEASED)
            done = [each for each in tranches if each.status is TrancheStatus.PAID]
            assert (paid, tax) == (sum(each.net_cents for each in done), sum(each.withheld_cents for each in done))

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
    finance = make_finance(session, now=now, design=_asking_everything())
    finance.world.coach = _with_both_roles(finance)
    finance.accept_milestones()
    finance.record_durc()
    finance.confirm_coaching()
    answer(finance)
    find_activity(finance, is_undertaking=True)
    world = {"finance": finance, "first": guarantee(finance), "administrator": _administrator(finance)}
    machine = type("OfThisWorld", (Money,), world)
    run_state_machine_as_test(machine, settings=settings(max_examples=_runs(session)))
    assert session.scalars(select(Tranche.status).distinct()).all() == [TrancheStatus.PLANNED]


def _runs(session: Session) -> int:
    """Fewer on PostgreSQL: the acts are those of SQLite again, and each takes longer."""
    runs = settings().max_examples
    return runs if session.get_bind().dialect.name == "sqlite" else runs * 2 // 5


def _asking_everything() -> CallDesign:
    """The call of Bari, its advance guaranteed, every tranche free of tax debts and irregularities; tax is withheld."""
    design = bari_design()
    money = [GateName.TAX_DEBTS_CHECKED, GateName.NO_IRREGULARITY]
    first, *rest = [replace(each, gates=[*each.gates, *money]) for each in design.tranches]
    first = replace(first, gates=[*first.gates, GateName.GUARANTEE_ACTIVE], guarantee_months=3)
    return replace(design, tranches=[first, *rest], payments=TAXED)


def _administrator(finance: Finance) -> Person:
    return make_staff(finance.session, finance.world.authority, Role.ADMINISTRATOR, now=finance.now)


def _with_both_roles(finance: Finance):
    roles = (Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Role.COACH)
    return make_person(finance.session, now=finance.now, authority=finance.world.authority, roles=roles)
