"""Anybody does anything in any order: after every step the money agrees with the ledger (P6–P10).

What is released was free to be released; what is refused, or died, changed nothing; nothing has its effect twice.
"""

from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.payments.batches.rules import BatchMode
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.factories.payments import IBAN, OTHER_IBAN
from tests.factories.walking import Given
from tests.factories.walking_acts import ACCEPTED, FOREIGN, PAID, REFUSED, RETURNED, TO_THE_BANK, WAITS, WRONG
from tests.factories.walking_on import BY_HAND, Walking
from tests.factories.walking_world import make_given

WHICH = st.integers(0, 2)
SOME = st.lists(WHICH, min_size=1, max_size=3, unique=True)
WHO = st.sampled_from(["owner", "officer", "maker", "checker", "both", "member"])
CHECKER = st.sampled_from(["checker", "checker", "checker", "both", "maker", "member"])
MAKER = st.sampled_from(["maker", "other", "both", "checker", "member"])
SEEN = st.sampled_from([0, 0, 0, 1, -1])
SAID = st.lists(
    st.tuples(WHICH, st.sampled_from([PAID, PAID, RETURNED, REFUSED, ACCEPTED, WAITS, WRONG, FOREIGN])),
    min_size=1, max_size=3,
)  # fmt: skip
TENTHS = st.sampled_from([1, 5, 10, 10, 11])
MOSTLY = st.sampled_from([True, True, True, False])
IN_THE_WAY: dict[str, Callable[[Walking], None]] = {
    "another account": lambda walk: walk.change_account(OTHER_IBAN),
    "the account of before": lambda walk: walk.change_account(IBAN),
    "an account verified": lambda walk: walk.confirm_account(hours=1),
    "no guarantee": lambda walk: walk.give_the_guarantee_back(),
    "an irregularity": lambda walk: walk.open_an_irregularity(),
    "a limit": lambda walk: walk.set_the_limit(800_000),
    "a limit of nothing": lambda walk: walk.set_the_limit(0),
    "no tax": lambda walk: walk.decide_activity(is_undertaking=False),
    "tax": lambda walk: walk.decide_activity(is_undertaking=True),
    "a suspension, or its end": lambda walk: walk.stand_still(),
    "a day later": lambda walk: walk.wait(1),
    "much later": lambda walk: walk.wait(130),
    "a longer project": lambda walk: walk.extend(30),
}
PLANS: dict[str, tuple[int, Callable[[Walking], None]]] = {
    "money moves between costs": (0, lambda walk: walk.shift(1_000)),
    "more money moves between costs": (0, lambda walk: walk.shift(300_000)),
    "a day longer": (0, lambda walk: walk.extend(1)),
    "a cent less": (10, lambda walk: walk.lower(1)),
    "less": (10, lambda walk: walk.lower(100_000)),
    "much less": (20, lambda walk: walk.lower(900_000)),
    "a cent less, sent twice": (10, lambda walk: walk.lower_by_a_form_sent_twice(1)),
    "revoked": (25, lambda walk: walk.revoke(0)),
    "half of it back": (25, lambda walk: walk.revoke(5)),
    "all of it back": (25, lambda walk: walk.revoke(10)),
}
"""Acts on the plan of the grant, and before which step nobody takes them."""
UNDER_WAY = (TrancheStatus.REQUESTED, TrancheStatus.VERIFIED, TrancheStatus.PROPOSED)


class Money(RuleBasedStateMachine):
    """One grant of three tranches, its people, and every act in any order. Each run is undone."""

    given: ClassVar[Given]
    walk: Walking
    steps = 0

    @initialize()
    def begin(self) -> None:
        """Everything of a run is in a savepoint."""
        self.walk = Walking(self.given)
        self.walk.begin()

    def teardown(self) -> None:
        """Leave the world as it was."""
        if self.walk_began:
            self.walk.end()

    @property
    def walk_began(self) -> bool:
        return hasattr(self, "walk")

    @invariant()
    def nothing_is_broken(self) -> None:
        self.steps += 1
        if self.walk_began:
            self.walk.check()

    # ---- release ----

    def prepare(self, in_order: bool) -> None:
        if in_order:
            self.walk.put_in_order()

    @rule(in_order=MOSTLY)
    def release_the_next(self, in_order) -> None:
        self.prepare(in_order)
        self.walk.release_the_next()

    @rule(in_order=MOSTLY)
    def pay_the_next(self, in_order) -> None:
        self.prepare(in_order)
        self.walk.pay_the_next()

    @rule()
    def next_step(self) -> None:
        self.walk.next_step()

    @rule(which=WHICH, who=WHO, act=st.sampled_from(["request", "verify", "propose", "send back"]))
    def step(self, which, who, act) -> None:
        if act == "send back":
            self.walk.send_back(self.walk.which(which, *UNDER_WAY), who)
        else:
            self.walk.step(which, who, act)

    @rule(which=WHICH, who=CHECKER, seen=SEEN, is_proposed=st.booleans())
    def approve(self, which, who, seen, is_proposed) -> None:
        if is_proposed:
            self.walk.propose_the_next()
        self.walk.approve(self.walk.which(which, TrancheStatus.PROPOSED), who, seen)

    @rule(chosen=SOME, who=CHECKER, mode=st.sampled_from(BatchMode), seen=SEEN, is_next=MOSTLY)
    def approve_together(self, chosen, who, mode, seen, is_next) -> None:
        proposed = self.walk.which(chosen[0], TrancheStatus.PROPOSED)
        self.walk.approve_together([proposed] if is_next else chosen, who, mode, seen)

    @rule(in_order=MOSTLY, chosen=SOME, who=MAKER, is_next=MOSTLY)
    def order(self, in_order, chosen, who, is_next) -> None:
        self.prepare(in_order)
        self.walk.order([self.walk.which(0, *TO_THE_BANK)] if is_next else chosen, who)

    # ---- the bank ----

    @rule(said=SAID, message=st.sampled_from("AB"))
    def hear(self, said, message) -> None:
        self.walk.hear(said, message)

    @rule(which=WHICH, act=st.sampled_from(["pay", "fail", "this one", "dismiss"]))
    def somebody_looks(self, which, act) -> None:
        if act in ("pay", "fail"):
            self.walk.record(which, act)
        else:
            self.walk.answer_the_bank(which if act == "this one" else None)

    # ---- what a release asks, and the plan ----

    @rule(what=st.sampled_from(sorted(IN_THE_WAY)), which=WHICH, is_proposed=st.booleans())
    def something_gets_in_the_way(self, what, which, is_proposed) -> None:
        if is_proposed:
            self.walk.propose_the_next()
        IN_THE_WAY[what](self.walk)
        if is_proposed:
            self.walk.approve(self.walk.which(which, TrancheStatus.PROPOSED), "checker")

    @rule(what=st.sampled_from(sorted(PLANS)))
    def change_the_plan(self, what) -> None:
        earliest, act = PLANS[what]
        if self.steps > earliest:
            act(self.walk)

    # ---- money asked back ----

    def pay_something(self) -> None:
        if all(each.status is not TrancheStatus.PAID for each in self.walk.tranches):
            self.walk.put_in_order()
            self.walk.pay_the_next()

    @rule(cents=st.sampled_from([0, 1, 300_000, 2_000_000]), tenths=TENTHS, instalments=st.sampled_from([1, 3]))
    def ask_back(self, cents, tenths, instalments) -> None:
        if cents:
            self.pay_something()
            self.walk.open_an_irregularity(cents)
        self.walk.ask_back(tenths, instalments)

    @rule(tenths=TENTHS, reference=st.sampled_from(["CRO 1", "CRO 2", "CRO 3G"]))
    def money_back(self, tenths, reference) -> None:
        if self.walk.recovery() is None:
            self.pay_something()
            self.walk.open_an_irregularity(300_000)
            self.walk.ask_back(10, 3)
        self.walk.money_back(tenths, reference)

    @rule(all_of_it=st.booleans())
    def take_back(self, all_of_it) -> None:
        self.walk.take_back(all_of_it=all_of_it)

    # ---- twice, cut off, by hand ----

    @rule(at=st.none() | st.integers(1, 80))
    def twice_or_cut_off(self, at) -> None:
        if at is None:
            self.walk.the_same_again()
        else:
            self.walk.die(at)

    @rule(what=st.none() | st.sampled_from(sorted(BY_HAND)))
    def past_the_operations(self, what) -> None:
        if what is None:
            self.walk.reverse_again()
        else:
            self.walk.write_by_hand(what)


@pytest.mark.hypothesis
@pytest.mark.timeout(3600)
def test_money_agrees_with_the_ledger_whatever_anybody_does(session, now):
    world = make_given(session, now=now)
    machine = type("OfThisWorld", (Money,), {"given": world})
    run_machine(machine, settings=settings(max_examples=_runs(session)))
    assert session.scalars(select(Tranche.status).distinct()).all() == [TrancheStatus.PLANNED]


def _runs(session: Session) -> int:
    """Fewer on PostgreSQL: the acts are those of SQLite again, and each takes longer."""
    runs = settings().max_examples
    if session.get_bind().dialect.name == "sqlite":
        return runs
    return runs * 2 // 5 if runs <= 100 else runs // 10
