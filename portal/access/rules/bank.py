"""The account to be paid: two people, and a cooling time after a change (P10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from portal.core.moves import Move


class BankDetailsStatus(StrEnum):
    """Bank details count only once a second person has verified them."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    REPLACED = "replaced"
    REJECTED = "rejected"


B = BankDetailsStatus
VERIFY = Move("verify", frozenset({B.PROPOSED}), B.VERIFIED)
REPLACE = Move("replace", frozenset({B.PROPOSED, B.VERIFIED}), B.REPLACED)
REJECT = Move("reject", frozenset({B.PROPOSED, B.VERIFIED}), B.REJECTED)
"""A proposal at any time; a verified account only while it rests."""

LIVE = frozenset({B.PROPOSED, B.VERIFIED})
ACCOUNT_RESTS_FOR = timedelta(hours=24)
"""The cooling time after a change of account (P10): the first account ever proposed for an organisation has none."""


class Account(Protocol):
    """What the rules look at of an account."""

    @property
    def status(self) -> BankDetailsStatus: ...

    @property
    def status_at(self) -> datetime: ...


def rests_until(accounts: Sequence[Account], now: datetime) -> datetime | None:
    """The end of the cooling time of the account in force, if it still runs; `accounts` are all, oldest first."""
    in_force = [account for account in accounts if account.status is BankDetailsStatus.VERIFIED]
    if not in_force or in_force[-1] is accounts[0]:
        return None
    ends = in_force[-1].status_at + ACCOUNT_RESTS_FOR
    return ends if ends > now else None


def waits(accounts: Sequence[Account]) -> bool:
    """Whether a proposed account waits for a second person."""
    return any(account.status is BankDetailsStatus.PROPOSED for account in accounts)


class AccountNews(StrEnum):
    """What happened to an account."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """An account was proposed, verified or rejected; `before_id` is the account that was in force until then."""

    bank_details_id: UUID
    before_id: UUID | None
    news: AccountNews
    at: datetime


def masked_iban(iban: str) -> str:
    """The country, the check digits and the last four characters: enough to recognise one's own account."""
    return f"{iban[:4]} **** {iban[-4:]}"
