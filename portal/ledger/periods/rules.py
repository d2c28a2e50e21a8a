"""A month of the books by Rome's calendar, and what it takes to close one. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.core.instants import ROME

LOCAL = ZoneInfo(ROME)


@dataclass(frozen=True, slots=True, order=True)
class BookMonth:
    """One month: an entry belongs to it by the day it was booked on, in Rome."""

    year: int
    month: int

    @classmethod
    def of(cls, instant: datetime) -> "BookMonth":
        """The month in which an instant falls."""
        local = instant.astimezone(LOCAL)
        return cls(local.year, local.month)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def begins_at(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.month, 1, tzinfo=LOCAL).astimezone(UTC)

    @property
    def following(self) -> "BookMonth":
        """The month after it."""
        return BookMonth(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer in it."""
        return self.following.begins_at


class Moved(NamedTuple):
    """What one account shows at the end of a month: what entered and left it within the month, and what is on it."""

    account_id: UUID
    debit_cents: int
    credit_cents: int
    balance_cents: int


def fingerprint(before: str, rows: Iterable[Moved]) -> str:
    """SHA-256 of the balances of a month, in the order of their accounts, sealed upon that of the month before."""
    digest = hashlib.sha256(before.encode())
    for row in rows:
        digest.update(f"\n{row.account_id.hex};{row.debit_cents};{row.credit_cents};{row.balance_cents}".encode())
    return digest.hexdigest()
