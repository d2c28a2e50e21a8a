"""Kinds of account and of posting, and which accounts may go below zero."""

from enum import StrEnum


class AccountKind(StrEnum):
    """Where money stands on its way from a fund to a bank account."""

    FUND = "fund"
    BUDGET = "budget"
    AWARD = "award"
    PAYABLE = "payable"
    PAID = "paid"
    WITHHELD = "withheld"
    RECOVERABLE = "recoverable"
    RETURNED = "returned"
    INTEREST = "interest"


class PostingKind(StrEnum):
    """Why money moved."""

    BUDGET_OPENED = "budget_opened"
    BUDGET_RELEASED = "budget_released"
    AWARDED = "awarded"
    AWARD_REDUCED = "award_reduced"
    RELEASE_APPROVED = "release_approved"
    PAYMENT_RECORDED = "payment_recorded"
    PAYMENT_RETURNED = "payment_returned"
    REVERSED = "reversed"
    TAX_WITHHELD = "tax_withheld"
    RECOVERY_DECIDED = "recovery_decided"
    INTEREST_CHARGED = "interest_charged"
    MONEY_RETURNED = "money_returned"
    GUARANTEE_PAID = "guarantee_paid"
    BUDGET_RESTORED = "budget_restored"


PAID_OUT = frozenset({AccountKind.PAID, AccountKind.WITHHELD})
"""What was paid for a recipient: what it got, and the tax that was kept back in its name."""
MAY_GO_BELOW_ZERO = frozenset({AccountKind.FUND, AccountKind.INTEREST})
"""Sources: a fund's balance is minus what it has given, that of interest minus what was charged."""
