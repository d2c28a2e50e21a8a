"""Kinds of account and of posting, and which accounts may go below zero."""

from enum import StrEnum


class AccountKind(StrEnum):
    """Where money stands on its way from a fund to a bank account."""

    FUND = "fund"
    BUDGET = "budget"
    AWARD = "award"
    PAYABLE = "payable"
    PAID = "paid"


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


MAY_GO_BELOW_ZERO = frozenset({AccountKind.FUND})
"""A fund is a source: its balance is minus what it has given."""
