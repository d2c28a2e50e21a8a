"""A file of the bank as it was read: one `Told` for each payment it speaks of. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import date

from portal.payments.bank.rules import BankFileKind, Said


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says of one payment, or of a whole batch where it names no payment.

    `code` is the status as the bank writes it, `reason` its code of why, `info` its words. Amount in cents, None where
    the file says none; `is_euro` is False for another currency.
    """

    said: Said
    code: str
    end_to_end_id: str = ""
    batch_id: str = ""
    amount_cents: int | None = None
    is_euro: bool = True
    day: date | None = None
    reason: str | None = None
    info: str | None = None
    iban: str | None = None
    """The account that was paid, where the file says it."""
    again: int = 0
    """Which one it is of the movements of a file that are alike and have no reference: each is a payment of its own."""

    @property
    def reference(self) -> str:
        """What it calls the payment."""
        return self.end_to_end_id or self.batch_id

    @property
    def fingerprint(self) -> str:
        """The same for the same thing said again."""
        said = (self.said.value, self.code, self.end_to_end_id, self.batch_id, self.amount_cents, self.is_euro,
                self.day, self.reason)  # fmt: skip
        more = tuple(each for each in (self.iban, self.again) if each)
        return hashlib.sha256(repr(said + more).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class BankReading:
    """A file, read: its kind, the bank's own name for it, and what it says, in its order."""

    kind: BankFileKind
    message_id: str
    told: tuple[Told, ...]
