"""The final account: never more than was granted, not a cent lost, and which tranche pays the balance."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payments.closing.account import FinalBalance, public_share
from portal.payments.closing.earning import OpenTranche, earned_by_results, has_no_way, paying

CENTS = st.integers(0, 10**9)


def tranche(number: int, cents: int = 100, *, is_reached: bool = True) -> OpenTranche:
    return OpenTranche(UUID(int=number), number, cents, is_reached)


@given(st.integers(1, 10**9), CENTS, CENTS, CENTS, CENTS, st.integers(1, 100))
def test_the_final_account_pays_no_more_than_was_granted_and_loses_no_cent(granted, eligible, paid, back, tax, share):
    paid = min(paid, granted)
    returned = min(back, paid)
    withheld = min(tax, paid - returned)
    account = FinalBalance(granted, eligible, paid, returned, Fraction(share, 100), withheld)
    assert withheld <= account.entitled <= granted - returned
    assert account.kept + account.to_pay - account.to_return == account.entitled
    assert not (account.to_pay and account.to_return)
    # all of the grant: with the recipient, back before, back now, or back with the recovery
    assert account.entitled + returned + account.freed + account.to_return == granted
    assert account.freed >= 0
    assert account.to_return <= account.kept - withheld


@pytest.mark.parametrize(
    ("eligible", "paid", "to_pay", "to_return", "freed"),
    [
        (2_500_000, 1_000_000, 1_000_000, 0, 0),
        (2_000_000, 1_000_000, 600_000, 0, 400_000),
        (1_250_000, 1_000_000, 0, 0, 1_000_000),
        (1_000_000, 1_000_000, 0, 200_000, 1_000_000),
        (9_999_999, 1_000_000, 1_000_000, 0, 0),
        (1_250_001, 1_000_000, 0, 0, 1_000_000),
    ],
)
def test_the_balance_worked_by_hand(eligible, paid, to_pay, to_return, freed):
    # 20 000 euro granted to a project of 25 000: four fifths of what is eligible
    share = public_share(granted=2_000_000, total=2_500_000)
    account = FinalBalance(2_000_000, eligible, paid, share=share)
    assert (account.to_pay, account.to_return, account.freed) == (to_pay, to_return, freed)


def test_money_that_came_back_is_no_longer_of_the_grant():
    account = FinalBalance(granted=2_000_000, eligible=2_000_000, paid=2_000_000, returned=300_000)
    assert (account.entitled, account.balance) == (1_700_000, 0)


def test_a_grant_that_bears_all_pays_all():
    assert public_share(granted=2_000_000, total=2_000_000) == 1
    assert public_share(granted=2_000_000, total=0) == 1


def test_the_last_tranche_whose_milestones_are_done_pays_the_balance():
    first, second, third = tranche(2), tranche(3), tranche(4, is_reached=False)
    assert paying([first, second, third]) == second
    assert paying([third]) is None
    assert earned_by_results(1_000, [first, second, third]) == 1_200
    assert has_no_way(5, [third])
    assert not has_no_way(0, [third])
    assert not has_no_way(5, [])
