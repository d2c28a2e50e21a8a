"""Money's way out of the house, one use case a file."""

from portal.payments.operations.order import order_payments
from portal.payments.operations.plan import plan_tranches
from portal.payments.operations.release import (
    approve_tranche,
    propose_tranche,
    request_tranche,
    send_back_tranche,
    verify_tranche,
)
from portal.payments.operations.settle import record_failed, record_paid
from portal.payments.operations.taking_back import take_back_tranche

__all__ = [
    "approve_tranche",
    "order_payments",
    "plan_tranches",
    "propose_tranche",
    "record_failed",
    "record_paid",
    "request_tranche",
    "send_back_tranche",
    "take_back_tranche",
    "verify_tranche",
]
