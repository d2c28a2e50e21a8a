"""Deciding what is to be returned, recording what came back, taking either back."""

from portal.payments.recoveries.operations.deciding import RecoveryTyped, decide_recovery, reverse_recovery
from portal.payments.recoveries.operations.receiving import ReceiptTyped, record_receipt, reverse_receipt

__all__ = [
    "ReceiptTyped",
    "RecoveryTyped",
    "decide_recovery",
    "record_receipt",
    "reverse_receipt",
    "reverse_recovery",
]
