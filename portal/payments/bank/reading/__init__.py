"""Reading what the bank sends. Everything in it is a stranger's: no entity, no document type, nothing large."""

from portal.payments.bank.reading.refused import Unreadable
from portal.payments.bank.reading.which import read_bank_file

__all__ = ["Unreadable", "read_bank_file"]
