"""The ledger keeps balances, never goes below zero, never changes, and is mended by reversals."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.models import Authority
from portal.core.actor import SYSTEM
from portal.core.db import new_id
from portal.core.unit_of_work import refusal_for
from portal.ledger import checks
from portal.ledger.models import Account, LedgerEntry
from portal.ledger.operations import AlreadyReversed, NotEnough, open_account, reverse, transfer
from portal.ledger.queries import balance_of, balances_by_owner, moved
from portal.ledger.rules import AccountKind, PostingKind
from tests.factories.base import make_authority


def account(session, authority: Authority, kind: AccountKind, now, owner: UUID | None = None) -> Account:
    return open_account(
        session, authority_id=authority.id, kind=kind, owner_id=owner or new_id(), name=kind.value, now=now
    )


@pytest.fixture
def books(session, now):
    authority = make_authority(session)
    fund, budget, award = (
        account(session, authority, kind, now) for kind in (AccountKind.FUND, AccountKind.BUDGET, AccountKind.AWARD)
    )
    move(session, authority, now, debit=budget, credit=fund, cents=10_000)
    return authority, fund, budget, award


def move(session, authority, now, *, debit, credit, cents, posting=PostingKind.AWARDED, **more):
    return transfer(
        session, debit=debit, credit=credit, amount_cents=cents, posting=posting, subject=authority, actor=SYSTEM,
        now=now, **more,
    )  # fmt: skip


def refused(session, statement: str, **values: object) -> IntegrityError:
    """The error of a statement that the database must not take, from whoever it comes."""
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        session.execute(text(statement), values)
    return error.value


def key(session, value: UUID) -> object:
    """A key as raw SQL writes it on this engine."""
    return value.hex if session.get_bind().dialect.name == "sqlite" else value


def test_money_moves_from_the_credited_to_the_debited_account(session, now, books):
    authority, fund, budget, award = books
    move(session, authority, now, debit=award, credit=budget, cents=4_000)
    assert (fund.balance_cents, budget.balance_cents, award.balance_cents) == (-10_000, 6_000, 4_000)
    assert balance_of(session, AccountKind.AWARD, award.owner_id) == 4_000
    assert balances_by_owner(session, AccountKind.BUDGET, [budget.owner_id]) == {budget.owner_id: 6_000}
    assert moved(session, PostingKind.AWARDED, [authority.id]) == 14_000
    assert balance_of(session, AccountKind.PAID, new_id()) == 0
    assert list(checks.broken(session)) == []


def test_an_account_is_opened_once(session, now, books):
    authority, _fund, budget, _award = books
    assert account(session, authority, AccountKind.BUDGET, now, budget.owner_id).id == budget.id


def test_one_cent_too_much_is_refused_and_the_whole_is_not(session, now, books):
    authority, _fund, budget, award = books
    with pytest.raises(NotEnough):
        move(session, authority, now, debit=award, credit=budget, cents=10_001)
    assert budget.balance_cents == 10_000
    move(session, authority, now, debit=award, credit=budget, cents=10_000)
    assert budget.balance_cents == 0


@pytest.mark.parametrize("cents", [0, -1])
def test_an_amount_is_never_nothing_nor_negative(session, now, books, cents):
    authority, _fund, budget, award = books
    with pytest.raises(IntegrityError, match="amount_positive"), session.begin_nested():
        move(session, authority, now, debit=award, credit=budget, cents=cents)


def test_an_account_never_pays_itself(session, now, books):
    authority, _fund, budget, _award = books
    with pytest.raises(IntegrityError, match="two_accounts"), session.begin_nested():
        move(session, authority, now, debit=budget, credit=budget, cents=1)


def test_the_database_keeps_an_account_above_zero_whoever_writes(session, now, books):
    authority, _fund, budget, award = books
    columns = "id, at, posting, debit_id, credit_id, amount_cents, subject_type, subject_id"
    error = refused(
        session,
        f"INSERT INTO ledger_entry ({columns}) SELECT :id, at, posting, :debit, :credit, 10001, subject_type,"
        " subject_id FROM ledger_entry LIMIT 1",
        id=key(session, new_id()), debit=key(session, award.id), credit=key(session, budget.id),
    )  # fmt: skip
    assert isinstance(refusal_for(error), NotEnough)
    assert authority.id


def test_the_trigger_keeps_balances_of_entries_written_by_hand(session, books):
    _authority, _fund, budget, award = books
    columns = "id, at, posting, debit_id, credit_id, amount_cents, subject_type, subject_id"
    session.execute(
        text(
            f"INSERT INTO ledger_entry ({columns}) SELECT :id, at, posting, :debit, :credit, 250, subject_type,"
            " subject_id FROM ledger_entry LIMIT 1"
        ),
        {"id": key(session, new_id()), "debit": key(session, award.id), "credit": key(session, budget.id)},
    )
    session.expire_all()
    assert (budget.balance_cents, award.balance_cents) == (9_750, 250)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET amount_cents = 1",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_account WHERE kind = 'award'",
        "UPDATE ledger_account SET kind = 'fund' WHERE kind = 'budget'",
    ],
)
def test_what_is_written_stays_as_it_was(session, books, statement):
    refused(session, statement)
    assert list(checks.broken(session)) == []


def test_a_reversal_mirrors_its_entry_and_points_to_it(session, now, books):
    authority, _fund, budget, award = books
    entry = move(session, authority, now, debit=award, credit=budget, cents=4_000)
    mirror = reverse(session, entry=entry, actor=SYSTEM, now=now)
    assert (mirror.reverses_id, mirror.debit_id, mirror.credit_id) == (entry.id, budget.id, award.id)
    assert (budget.balance_cents, award.balance_cents) == (10_000, 0)


def test_an_entry_is_reversed_once(session, now, books):
    authority, _fund, budget, award = books
    entry = move(session, authority, now, debit=award, credit=budget, cents=1_000)
    move(session, authority, now, debit=award, credit=budget, cents=5_000)
    reverse(session, entry=entry, actor=SYSTEM, now=now)
    with pytest.raises(AlreadyReversed):
        reverse(session, entry=entry, actor=SYSTEM, now=now)
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        move(session, authority, now, debit=budget, credit=award, cents=1_000, reverses=entry)
    assert isinstance(refusal_for(error.value), AlreadyReversed)
    assert len(session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id)).all()) == 1


def test_money_that_went_on_cannot_be_taken_back(session, now, books):
    authority, _fund, budget, award = books
    paid = account(session, authority, AccountKind.PAID, now)
    entry = move(session, authority, now, debit=award, credit=budget, cents=4_000)
    move(session, authority, now, debit=paid, credit=award, cents=1)
    with pytest.raises(NotEnough):
        reverse(session, entry=entry, actor=SYSTEM, now=now)


def test_the_checker_sees_a_balance_that_its_entries_do_not_explain(session, books):
    _authority, _fund, budget, _award = books
    session.execute(text("UPDATE ledger_account SET balance_cents = balance_cents + 1 WHERE kind = 'budget'"))
    session.expire_all()
    assert any(budget.name in line for line in checks.broken(session))
