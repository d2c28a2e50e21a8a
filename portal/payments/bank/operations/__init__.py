"""Taking in what the bank sends, and answering what waits for a person."""

from portal.payments.bank.operations.answer import dismiss_messages, match_message
from portal.payments.bank.operations.take import FileKnown, bank_file_rules, take_bank_file

__all__ = ["FileKnown", "bank_file_rules", "dismiss_messages", "match_message", "take_bank_file"]
