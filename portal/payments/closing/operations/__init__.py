"""Preparing a final account, approving it, and closing the grant once nothing is open."""

from portal.payments.closing.operations.approving import ActTyped, approve_account
from portal.payments.closing.operations.preparing import prepare_account, withdraw_account

__all__ = ["ActTyped", "approve_account", "prepare_account", "withdraw_account"]
