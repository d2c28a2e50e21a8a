"""Each guard of the money taken out once: the walk of the state machine sees it, with the very same steps."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from portal.core.moves import Move
from portal.core.unit_of_work import _claim_key
from portal.ledger.operations import reverse, transfer
from portal.ledger.together import _there_is_enough
from portal.payments.bank.judging import _paid
from portal.payments.bank.operations import messages
from portal.payments.bank.questions import nothing_is_asked
from portal.payments.batches.rules import BatchMode
from portal.payments.limits.operations import stay_within_the_limit
from portal.payments.operations.conditions import (
    earlier_ones_are_released,
    gates_are_open,
    grant_is_payable,
    stand_apart,
)
from portal.payments.operations.release import approve_tranche
from portal.payments.recoveries.claims import claims_of
from portal.payments.recoveries.operations.receiving import record_receipt
from tests.conftest import NOW
from tests.engines import hand_out
from tests.factories.walking import Given
from tests.factories.walking_acts import PAID, REFUSED, RETURNED
from tests.factories.walking_on import Walking
from tests.factories.walking_world import make_given
from tests.factories.without import Removed, without


def proposed(walk: Walking, by: str = "maker") -> None:
    walk.step(0, "owner", "request")
    walk.step(0, "officer", "verify")
    walk.step(0, by, "propose")


def alone(walk: Walking) -> None:
    proposed(walk, by="both")
    walk.approve(0, "both")


def to_oneself(walk: Walking) -> None:
    proposed(walk, by="member")
    walk.approve(0, "checker")


def unseen(walk: Walking) -> None:
    proposed(walk)
    walk.approve(0, "checker", seen=1)


def unseen_together(walk: Walking) -> None:
    proposed(walk)
    walk.approve_together([0], "checker", BatchMode.LINES, seen=1)


def spoilt(walk: Walking) -> None:
    proposed(walk)
    walk.open_an_irregularity()
    walk.approve(0, "checker")


def spoilt_later(walk: Walking) -> None:
    walk.release_the_next()
    walk.open_an_irregularity()
    walk.order([0])


def standing_still(walk: Walking) -> None:
    proposed(walk)
    walk.stand_still()
    walk.approve(0, "checker")


def too_much(walk: Walking) -> None:
    walk.set_the_limit(0)
    walk.release_the_next()


def out_of_turn(walk: Walking) -> None:
    walk.step(1, "owner", "request")
    walk.step(1, "officer", "verify")
    walk.step(1, "maker", "propose")
    walk.approve(1, "checker")


def released(walk: Walking) -> None:
    walk.release_the_next()


def two_sent(walk: Walking) -> None:
    walk.release_the_next()
    walk.release_the_next()
    walk.order([0, 1])


def sent_twice(walk: Walking) -> None:
    two_sent(walk)
    walk.order([0])


def paid(walk: Walking) -> None:
    two_sent(walk)
    walk.hear([(0, PAID)], "A")


def paid_twice(walk: Walking) -> None:
    paid(walk)
    walk.record(0, "pay")


def heard_twice(walk: Walking) -> None:
    paid(walk)
    walk.hear([(0, PAID)], "B")


def contradicted(walk: Walking) -> None:
    paid(walk)
    walk.hear([(0, REFUSED)], "B")
    walk.order([1], "both")


def asked_back(walk: Walking) -> None:
    paid(walk)
    walk.open_an_irregularity(300_000)
    walk.ask_back(10, 1)


def asked_back_twice(walk: Walking) -> None:
    asked_back(walk)
    walk.the_same_again()


def paid_from_nothing(walk: Walking) -> None:
    walk.release_the_next()
    walk.order([0])
    walk.record(0, "pay")
    walk.record(0, "pay")


def received_twice(walk: Walking) -> None:
    asked_back(walk)
    walk.money_back(1, "CRO 1")
    walk.the_same_again()


def undone_twice(walk: Walking) -> None:
    paid(walk)
    walk.hear([(0, RETURNED)], "B")
    walk.reverse_again()


def clicked_twice(walk: Walking) -> None:
    walk.lower_by_a_form_sent_twice(1)


def by_hand(what: str, before: Callable[[Walking], None] = paid) -> Callable[[Walking], None]:
    def script(walk: Walking) -> None:
        before(walk)
        walk.write_by_hand(what)

    return script


MOVES = (Move.apply, "if current not in self.sources:", "if False:")
NO_PATH = Removed((MOVES,), triggers=("tranche_path",))
GATES = Removed(((gates_are_open, "if closed := standings[tranche.id].closed:", "if closed := []:"),))
VERSION = Removed(((approve_tranche, "if tranche.version != version_seen:", "if False:"),))
GUARDS: dict[str, tuple[Callable[[Walking], None], Removed]] = {
    "maker is not checker": (
        alone, Removed(((approve_tranche, "if tranche.proposed_by == actor.person_id:", "if False:"),), checks=True),
    ),
    "nobody pays oneself": (
        to_oneself, Removed(((stand_apart, "if joined or pays_oneself(tranche, actor):", "if False:"),)),
    ),
    "the version that was seen": (unseen, VERSION),
    "the version that was seen, in a batch": (unseen_together, VERSION),
    "gates in the releasing transaction": (spoilt, GATES),
    "gates when the file is made": (spoilt_later, GATES),
    "a grant under way": (
        standing_still, Removed(((grant_is_payable, "if tranche.grant.status not in PAYABLE_GRANTS:", "if False:"),)),
    ),
    "the limit of a day": (
        too_much, Removed(((stay_within_the_limit, "if not room.holds(tranche.amount_cents):", "if False:"),)),
    ),
    "tranches in their order": (
        out_of_turn,
        Removed(((earlier_ones_are_released, "raise EarlierTrancheOpen", "pass"),)),
    ),
    "tax in the transaction": (
        released,
        Removed(((approve_tranche, "tranche.withheld_cents = standing.money.withheld_cents", "pass"),)),
    ),
    "one live payment": (
        sent_twice, Removed((MOVES,), sql=("DROP INDEX uq_payment_line_live",), triggers=("tranche_path",)),
    ),
    "paid once": (paid_twice, NO_PATH),
    "the bank's word counts once": (
        heard_twice,
        Removed(
            (
                MOVES,
                (_paid, "if line.is_paid:", "if False:"),
                (messages._take, "known = told.fingerprint in taking.said", "known = False"),
            ),
            sql=("DROP INDEX uq_bank_message_said_once",), triggers=("tranche_path",),
        ),
    ),
    "no new file while the bank contradicts itself": (
        contradicted, Removed(((nothing_is_asked, "raise BankContradicts", "pass"),)),
    ),
    "no balance below zero": (
        paid_from_nothing,
        Removed(
            (MOVES, (_there_is_enough, "raise NotEnough", "pass")), checks=True, triggers=("tranche_path",),
        ),
    ),
    "balances kept by a trigger": (released, Removed(triggers=("ledger_keeps_balances",))),
    "one reversal": (
        undone_twice,
        Removed(
            (
                (reverse, "is not None:", "is False:"),
                (transfer, "reverses_id=reverses.id if reverses else None", "reverses_id=None"),
            )
        ),
    ),
    "one recovery for one cause": (
        asked_back_twice,
        Removed(((claims_of, ", ~known", ""),), sql=("DROP INDEX uq_recovery_irregularity",)),
    ),
    "one receipt for one movement": (
        received_twice,
        Removed(
            ((record_receipt, "if known is not None:", "if False:"),),
            sql=("DROP INDEX uq_recovery_receipt_reference",),
        ),
    ),
    "one effect for one form": (
        clicked_twice, Removed(((_claim_key, 'if not has_request_context() or "effect_id" in g:', "if True:"),)),
    ),
    "entries stay": (by_hand("an amount of the ledger"), Removed(triggers=("ledger_entry_no_update",))),
    "entries are kept": (
        by_hand("no entry of the ledger"),
        Removed(sql=("PRAGMA defer_foreign_keys = ON",), triggers=("ledger_entry_no_delete",)),
    ),
    "a reversal is a mirror": (by_hand("half of an entry reversed"), Removed(triggers=("ledger_entry_mirror",))),
    "balances have a floor": (by_hand("a balance below zero"), Removed(checks=True)),
    "two people in the row": (
        by_hand("one person for two"), Removed(checks=True, triggers=("tranche_frozen",)),
    ),
    "no step left out": (by_hand("a step left out", released), Removed(triggers=("tranche_path",))),
    "an amount released stays": (by_hand("another amount released"), Removed(triggers=("tranche_frozen",))),
    "a tax withheld stays": (by_hand("another tax"), Removed(triggers=("tranche_withholding",))),
    "a payment stays": (by_hand("another amount paid"), Removed(triggers=("payment_line_frozen",))),
    "a payment is kept": (
        by_hand("no payment"),
        Removed(sql=("PRAGMA defer_foreign_keys = ON",), triggers=("payment_line_kept",)),
    ),
    "a file stays": (by_hand("another file"), Removed(triggers=("payment_order_no_update",))),
}  # fmt: skip
"""What is done by somebody, and the guard against it, in every place that it stands in."""
BEHIND = {"no balance below zero": NO_PATH}
"""Guards that stand behind another one: with that one gone, they alone keep the walk green."""


@pytest.fixture(scope="module")
def given(engines, portals) -> Iterator[Given]:
    """The world, once for all of them: each walk is undone."""
    with engines("sqlite").connect() as connection, portals.any().app_context():
        outer = connection.begin()
        session = Session(connection, join_transaction_mode="create_savepoint")
        hand_out(session)
        yield make_given(session, now=NOW)
        session.close()
        outer.rollback()


def walked(given: Given, script: Callable[[Walking], None], removed: Removed) -> None:
    walk = Walking(given)
    walk.begin()
    try:
        with without(removed, walk.connection):
            script(walk)
            walk.check()
    finally:
        walk.end()


@pytest.mark.parametrize("guard", GUARDS)
def test_the_walk_sees_that_a_guard_is_gone(given, guard):
    script, removed = GUARDS[guard]
    walked(given, script, BEHIND.get(guard, Removed()))
    with pytest.raises(AssertionError):
        walked(given, script, removed)
