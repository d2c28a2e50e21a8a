"""Money moved at the same moment, on real databases with real threads: each movement once, nobody waits for ever."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.core.actor import SYSTEM
from portal.ledger import checks
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import reverse, transfer
from portal.ledger.periods import checks as period_checks
from portal.ledger.periods.operations import close_month
from portal.ledger.periods.queries import closed_until
from portal.ledger.periods.rules import BookMonth
from portal.ledger.rules import PostingKind
from tests.engines import both_engines
from tests.factories.ledger import make_books
from tests.factories.racing import at_once

PAIRS = 20
IN_JANUARY = datetime(2026, 1, 20, 9, tzinfo=UTC)


@pytest.fixture
def books(store, now):
    """A budget and an award of 10 000 cents each; the keys of their accounts."""
    with store() as session:
        made = make_books(session, now=now)
        made.move(made.budget, made.fund, 20_000, at=IN_JANUARY)
        made.move(made.award, made.budget, 10_000, at=IN_JANUARY)
        return made


def moving(debit: Account, credit: Account, cents: int, at: datetime):
    return partial(_move, debit_id=debit.id, credit_id=credit.id, cents=cents, at=at)


def _move(session, *, debit_id: UUID, credit_id: UUID, cents: int, at: datetime):
    debit, credit = (session.get_one(Account, key) for key in (debit_id, credit_id))
    transfer(session, debit=debit, credit=credit, amount_cents=cents, posting=PostingKind.AWARDED, subject=debit,
             actor=SYSTEM, now=at)  # fmt: skip


@both_engines
def test_transfers_that_cross_are_all_booked_and_the_last_cent_is_spent_once(app, store, now, books):
    for _pair in range(PAIRS):
        met = at_once(app, moving(books.award, books.budget, 5, now), moving(books.budget, books.award, 5, now))
        assert met == ["done", "done"]
    assert at_once(app, *[moving(books.award, books.budget, 10_000, now)] * 2) == ["NotEnough", "done"]
    with store() as session:
        balances = select(Account.balance_cents).where(Account.id.in_([books.award.id, books.budget.id]))
        assert sorted(session.scalars(balances)) == [0, 20_000]
        assert list(checks.broken(session)) == []


@both_engines
def test_an_entry_is_reversed_once_whoever_comes_first(app, store, now, books):
    with store() as session:
        entry_id = session.scalars(select(LedgerEntry.id).where(LedgerEntry.amount_cents == 10_000)).one()

    def back(session):
        reverse(session, entry=session.get_one(LedgerEntry, entry_id), actor=SYSTEM, now=now)

    assert at_once(app, back, back)[1] == "done"
    with store() as session:
        assert session.scalar(select(func.count(LedgerEntry.id)).where(LedgerEntry.reverses_id.is_not(None))) == 1


@both_engines
def test_a_month_that_closes_while_money_moves_holds_it_or_refuses_it(app, store, now, books):
    def close(session):
        close_month(session, authority_id=books.authority.id, month=BookMonth(2026, 1), actor=books.closer, now=now)

    late = IN_JANUARY + timedelta(days=1)
    met = at_once(app, close, *[moving(books.award, books.budget, 1, late)] * 3)
    assert set(met) <= {"MonthClosed", "done"}
    with store() as session:
        assert closed_until(session, books.authority.id) is not None
        booked = session.scalar(select(func.count(LedgerEntry.id)))
        assert booked == 2 + met.count("done") - 1
        assert [*checks.broken(session), *period_checks.broken(session)] == []
