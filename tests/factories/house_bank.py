"""For the house: a file of the bank with a message that waits for a person."""

from typing import Any

from tests.factories.bank import Payment, entry, notification, take
from tests.factories.payments import Finance


def name_bank_objects(finance: Finance) -> dict[str, Any]:
    """The objects of the pages of what comes from the bank."""
    taken = take(finance, notification(entry(Payment("UTENZE-2026-03", "", 12_300))))
    finance.session.refresh(taken)
    return {"bank_file_id": taken.id, "bank_message_id": taken.messages[0].id}
