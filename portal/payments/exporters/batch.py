"""What every exporter is given, and what it gives back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.payments.exporters.text import LONGEST_DESCRIPTION, LONGEST_NAME, sepa_text


class Unwritable(Exception):
    """The file would not be valid for the bank."""


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays; a payment list needs no account."""

    name: str
    iban: str | None
    bic: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment in cents: `amount_cents` is what is sent, the gross without what is withheld for tax."""

    end_to_end_id: str
    holder: str
    fiscal_code: str
    iban: str
    amount_cents: int
    cup: str
    act: str
    reference: str
    withheld_cents: int = 0

    @property
    def gross_cents(self) -> int:
        """What the tranche is worth."""
        return self.amount_cents + self.withheld_cents

    @property
    def name(self) -> str:
        """The holder as the bank writes it."""
        return sepa_text(self.holder, LONGEST_NAME)

    @property
    def description(self) -> str:
        """What the recipient reads on the statement; the CUP comes first, so that it is never cut."""
        cup = f"/CUP/{self.cup} " if self.cup else ""
        return sepa_text(f"{cup}{self.reference} {self.act}", LONGEST_DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Batch:
    """The payments of one file. The message id is never used again."""

    debtor: Debtor
    payments: Sequence[Payment]
    message_id: str
    execution_on: date
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutFile:
    """One file as it leaves: the end of its name, its type, its bytes."""

    kind: str
    media_type: str
    content: bytes
