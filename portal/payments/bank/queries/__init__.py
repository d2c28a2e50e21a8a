"""Reading what came from the bank, what waits for a person, and whether the books agree."""

from portal.payments.bank.queries.files import (
    BankFilePage,
    BankHome,
    bank_file_for,
    bank_file_page,
    bank_home,
    payers_of,
    unknown_ones,
)
from portal.payments.bank.queries.messages import MessagePage, message_page
from portal.payments.bank.queries.reconciliation import Reconciliation, reconciliation

__all__ = [
    "BankFilePage",
    "BankHome",
    "MessagePage",
    "Reconciliation",
    "bank_file_for",
    "bank_file_page",
    "bank_home",
    "message_page",
    "payers_of",
    "reconciliation",
    "unknown_ones",
]
