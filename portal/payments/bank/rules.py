"""What the bank may say of a payment, what follows from it, and why a person must look."""

from enum import StrEnum

LARGEST_FILE = 5 * 1024 * 1024
"""Bytes: some ten thousand payments."""
MOST_MESSAGES = 10_000
LONGEST_ANSWER = 500


class BankFileKind(StrEnum):
    """Which file it is."""

    STATUS = "pain.002"
    BOOKED = "camt.054"
    MANDATES = "csv"


class Said(StrEnum):
    """What the bank says of one payment."""

    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"
    RETURNED = "returned"
    CREDITED = "credited"
    """Money came in, and nothing says that it is one of our payments coming back."""
    UNCLEAR = "unclear"


class Outcome(StrEnum):
    """What followed from a message."""

    APPLIED = "applied"
    ALREADY = "already"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class Trouble(StrEnum):
    """Why a message waits for a person."""

    UNKNOWN = "unknown"
    AMOUNT = "amount"
    DAY = "day"
    OWN = "own"
    """Whoever took the file in belongs to the recipient, or has recused."""
    CONTRADICTS = "contradicts"
    """The bank says both that it paid and that it refused."""
    UNCLEAR = "unclear"
    ACCOUNT = "account"
    """Another account was paid than ours: the file may have been changed on its way to the bank."""
    BOOKS = "books"
    """The ledger has not that money any more: it was moved on since the payment."""


ASKS_FIRST = frozenset({Trouble.CONTRADICTS, Trouble.ACCOUNT})
"""The payment is known, and is not made again before somebody has answered."""
BY_HAND = ASKS_FIRST | {Trouble.UNCLEAR}
"""Saying which payment it is about is not enough."""


class Answer(StrEnum):
    """How a message left the quarantine."""

    MATCHED = "matched"
    DISMISSED = "dismissed"
    EXPLAINED = "explained"
    """A later message of the bank explained it."""
