"""Months are closed one after the other, with their balances; nothing is booked in a closed one, by anybody."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role
from portal.core.db import new_id
from portal.core.errors import Forbidden, Invalid
from portal.core.unit_of_work import refusal_for
from portal.ledger.models import LedgerEntry
from portal.ledger.operations import reverse
from portal.ledger.periods import checks
from portal.ledger.periods.models import AccountingPeriod, PeriodBalance
from portal.ledger.periods.operations import MonthClosed, NotTheNextMonth, close_month
from portal.ledger.periods.queries import closed_until, month_to_close, next_month
from portal.ledger.periods.rules import BookMonth
from portal.ledger.rules import AccountKind
from portal.ledger.trial.queries import accounts_of_kind, every_account, lines_by_kind
from tests.factories.base import as_actor, make_staff
from tests.factories.ledger import make_books, open_an_account
from tests.ledger.test_ledger import key, refused

IN_JANUARY = datetime(2026, 1, 20, 9, tzinfo=UTC)
LATE_IN_JANUARY = datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC)
FIRST_OF_FEBRUARY = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
JANUARY, FEBRUARY, MARCH = (BookMonth(2026, month) for month in (1, 2, 3))
BY_HAND = (
    "INSERT INTO ledger_entry (id, at, posting, debit_id, credit_id, amount_cents, subject_type, subject_id)"
    " SELECT :id, at, posting, debit_id, credit_id, 1, subject_type, subject_id FROM ledger_entry"
    " ORDER BY at {order} LIMIT 1"
)

AGAIN = (
    "INSERT INTO accounting_period (id, authority_id, year, month, ends_at, closed_at, entries, moved_cents, sha256)"
    " SELECT :id, authority_id, year, 5, ends_at, closed_at, entries, moved_cents, sha256 FROM accounting_period"
)


@pytest.fixture
def books(session, now):
    """January: 10 000 and 2 500 cents; February, from its first instant in Rome: 1 000."""
    made = make_books(session, now=now)
    made.move(made.budget, made.fund, 10_000, at=IN_JANUARY)
    made.move(made.award, made.budget, 2_500, at=LATE_IN_JANUARY)
    made.move(made.award, made.budget, 1_000, at=FIRST_OF_FEBRUARY)
    return made


def close(books, month, now, by=None):
    return close_month(
        books.session, authority_id=books.authority.id, month=month, actor=by or books.closer, now=now
    )  # fmt: skip


def balances(books, period=None) -> list[int]:
    kept = {row.kind: row.balance_cents for row in every_account(books.session, books.authority.id, period)}
    return [kept[kind] for kind in (AccountKind.FUND, AccountKind.BUDGET, AccountKind.AWARD)]


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))
def test_every_instant_is_in_one_month(instant):
    at = instant.replace(tzinfo=UTC)
    month = BookMonth.of(at)
    assert month.begins_at <= at < month.ends_at == month.following.begins_at
    assert month < month.following == BookMonth.of(month.ends_at)


def test_a_month_closes_with_the_balances_of_its_last_instant_in_rome(books, session, now):
    period = close(books, JANUARY, now)
    assert (period.entries, period.moved_cents, period.closed_by) == (2, 12_500, books.closer.person_id)
    assert balances(books, period) == [-10_000, 7_500, 2_500]
    assert balances(books) == [-10_000, 6_500, 3_500]
    second = close(books, FEBRUARY, now)
    assert (second.entries, balances(books, second)) == (1, balances(books))
    moved = select(PeriodBalance.debit_cents, PeriodBalance.credit_cents).where(PeriodBalance.period_id == second.id)
    assert {tuple(row) for row in session.execute(moved)} == {(0, 0), (0, 1_000), (1_000, 0)}
    assert list(checks.broken(session)) == []


def test_nothing_is_booked_in_a_closed_month_but_its_error_is_mended_in_the_open_one(books, session, now):
    close(books, JANUARY, now)
    with pytest.raises(MonthClosed):
        books.move(books.award, books.budget, 1, at=LATE_IN_JANUARY)
    books.move(books.award, books.budget, 1, at=FIRST_OF_FEBRUARY)
    wrong = session.scalars(select(LedgerEntry).where(LedgerEntry.amount_cents == 2_500)).one()
    reverse(session, entry=wrong, actor=books.closer, now=now)
    assert list(checks.broken(session)) == []


def test_the_database_takes_no_entry_of_a_closed_month_whoever_writes(books, session, now):
    close(books, JANUARY, now)
    error = refused(session, BY_HAND.format(order="ASC"), id=key(session, new_id()))
    assert isinstance(refusal_for(error), MonthClosed)
    session.execute(text(BY_HAND.format(order="DESC")), {"id": key(session, new_id())})


def test_months_are_closed_in_their_order_once_and_when_they_are_over(books, session, now):
    assert month_to_close(session, books.authority.id, None) == JANUARY
    with pytest.raises(NotTheNextMonth):
        close(books, FEBRUARY, now)
    close(books, JANUARY, now)
    with pytest.raises(NotTheNextMonth):
        close(books, JANUARY, now)
    close(books, FEBRUARY, now)
    due = next_month(session, books.authority.id, closed_until(session, books.authority.id), now)
    assert due is not None
    assert (due.month, due.is_over, due.entries) == (MARCH, False, 0)
    with pytest.raises(Invalid):
        close(books, MARCH, now)
    assert session.scalar(select(func.count(AccountingPeriod.id))) == 2


def test_an_empty_month_is_closed_too(session, now):
    books = make_books(session, now=now)
    assert next_month(session, books.authority.id, closed_until(session, books.authority.id), now) is None
    books.move(books.budget, books.fund, 10, at=IN_JANUARY)
    for month in (JANUARY, FEBRUARY):
        close(books, month, now)
    assert list(checks.broken(session)) == []


def test_only_who_approves_payments_closes(books, session, now):
    maker = make_staff(session, books.authority, Role.FINANCE_MAKER, now=now)
    with pytest.raises(Forbidden):
        close(books, JANUARY, now, by=as_actor(session, maker, now=now))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounting_period SET month = 2",
        "DELETE FROM accounting_period",
        "UPDATE period_balance SET balance_cents = 0",
        "DELETE FROM period_balance",
        AGAIN,
    ],
)
def test_a_closed_month_stays_as_it_was(books, session, now, statement):
    close(books, JANUARY, now)
    refused(session, statement, **({"id": key(session, new_id())} if ":id" in statement else {}))


def test_the_checker_sees_what_does_not_follow_from_the_entries(books, session, now):
    period = close(books, JANUARY, now)
    paid = open_an_account(session, books.authority.id, AccountKind.PAID, now)
    session.add(PeriodBalance(period_id=period.id, account_id=paid.id, debit_cents=0, credit_cents=0, balance_cents=5))
    session.flush()
    told = " ".join(checks.broken(session))
    assert all(words in told for words in ("closed with", "not what was sealed", "out of balance"))


def test_money_never_crosses_into_the_books_of_another_authority(books, session, now):
    other = make_books(session, now=now, code="venezia")
    with pytest.raises(IntegrityError, match="ledger_entry_one_authority"), session.begin_nested():
        books.move(other.budget, books.fund, 1, at=now)


def test_a_reversal_that_is_no_mirror_is_refused(books, session, now):
    wrong = session.scalars(select(LedgerEntry).where(LedgerEntry.amount_cents == 2_500)).one()
    with pytest.raises(IntegrityError, match="ledger_entry_mirror"), session.begin_nested():
        books.move(books.budget, books.award, 2_499, at=now, reverses=wrong)


def test_the_trial_balance_has_two_equal_sides_by_kind_and_by_account(books, session, now):
    lines = {line.kind: line for line in lines_by_kind(session, books.authority.id)}
    assert (lines[AccountKind.FUND].credit_cents, lines[AccountKind.BUDGET].debit_cents) == (10_000, 6_500)
    assert sum(line.debit_cents - line.credit_cents for line in lines.values()) == 0
    (award,) = accounts_of_kind(session, books.authority.id, AccountKind.AWARD)
    assert (award.debit_cents, award.credit_cents) == (3_500, 0)
    period = close(books, JANUARY, now)
    assert [line.debit_cents for line in lines_by_kind(session, books.authority.id, period)] == [0, 7_500, 2_500]
