"""The process dies anywhere between approval, ledger, file and the bank's answer: all of a step, or nothing of it."""

import pytest
from hypothesis import settings
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.clock import now as instant
from portal.documents.operations import read_file
from portal.ledger import checks as ledger_checks
from portal.ledger.models import LedgerEntry
from portal.payments import checks, operations
from portal.payments.bank import checks as bank_checks
from portal.payments.bank.models import BankFile
from portal.payments.bank.operations import take_bank_file
from portal.payments.bank.reading import read_bank_file
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from tests.engines import both_engines
from tests.factories.bank import arrived, asked, entry, notification
from tests.factories.crashing import cut_off
from tests.factories.payments import make_finance
from tests.factories.racing import many_proposed

STRIDE = 1 if settings().max_examples > 100 else 19
"""Every statement in the long run, every nineteenth in the short one."""


def counted(session: Session) -> tuple[int, ...]:
    """Entries, files, payments, files of the bank."""
    return tuple(
        session.scalar(select(func.count(model.id))) or 0
        for model in (LedgerEntry, PaymentOrder, PaymentLine, BankFile)
    )


def whole(session: Session) -> None:
    found = [each for room in (ledger_checks, checks, bank_checks) for each in room.broken(session)]
    assert found == []
    for order in session.scalars(select(PaymentOrder)):
        assert all(read_file(file) for file in order.files.values())


def killed_everywhere(app, store, tranche_id, act, moves: tuple[str, str], more: tuple[int, ...]) -> int:
    """Cut the act off before one word after the other, until it gets through; the word before which it did."""
    with store() as session:
        start = counted(session)
    at = 1
    while cut_off(app, act, at):
        with store() as session:
            if session.get_one(Tranche, tranche_id).status.value == moves[1]:
                break  # it died after its commit: all of the step is there, as is asked below
            assert session.get_one(Tranche, tranche_id).status.value == moves[0]
            assert counted(session) == start
            whole(session)
        at += STRIDE
    with store() as session:
        assert session.get_one(Tranche, tranche_id).status.value == moves[1]
        assert counted(session) == tuple(old + new for old, new in zip(start, more, strict=True))
        whole(session)
    return at


@pytest.mark.soak
@pytest.mark.timeout(600)
@both_engines
def test_a_process_that_dies_leaves_all_of_a_step_or_nothing_and_the_next_one_does_it_once(app, store, now):
    with store() as session:
        finance = make_finance(session, now=now)
        (tranche_id,) = many_proposed(finance, 1)
        authority_id = finance.grant.authority_id
        maker, checker = finance.actor(finance.maker), finance.actor(finance.checker)

    def approve(session: Session) -> object:
        return operations.approve_tranche(session, tranche_id=tranche_id, version_seen=1, actor=checker, now=instant())

    def order(session: Session) -> object:
        return operations.order_payments(
            session, tranche_ids=[tranche_id], execution_on=instant().date(), actor=maker, now=instant(),
        )  # fmt: skip

    def hear(session: Session) -> object:
        line = session.scalars(select(PaymentLine)).one()
        content = notification(entry(asked(line)))
        return take_bank_file(
            session, authority_id=authority_id, upload=arrived(content), reading=read_bank_file(content), actor=maker,
            now=instant(),
        )  # fmt: skip

    deaths = [
        killed_everywhere(app, store, tranche_id, approve, ("proposed", "approved"), (1, 0, 0, 0)),
        killed_everywhere(app, store, tranche_id, order, ("approved", "ordered"), (0, 1, 1, 0)),
        killed_everywhere(app, store, tranche_id, hear, ("ordered", "paid"), (1, 0, 0, 1)),
    ]
    assert min(deaths) > 1
