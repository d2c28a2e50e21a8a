"""The path of a tranche and of a payment, and the limits of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.core.actor import Actor
from portal.core.moves import Move
from portal.grants.rules import GrantStatus


class TrancheStatus(StrEnum):
    """Where a tranche stands; `approved` has a payable ledger entry, `paid` a bank entry (P9)."""

    PLANNED = "planned"
    REQUESTED = "requested"
    VERIFIED = "verified"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ORDERED = "ordered"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"


T = TrancheStatus
REQUEST = Move("request", frozenset({T.PLANNED}), T.REQUESTED)
SEND_BACK = Move("send_back", frozenset({T.REQUESTED, T.VERIFIED, T.PROPOSED}), T.PLANNED)
VERIFY = Move("verify", frozenset({T.REQUESTED}), T.VERIFIED)
PROPOSE = Move("propose", frozenset({T.VERIFIED}), T.PROPOSED)
APPROVE = Move("approve", frozenset({T.PROPOSED}), T.APPROVED)
TAKE_BACK = Move("take_back", frozenset({T.APPROVED}), T.PROPOSED)
ORDER = Move("order", frozenset({T.APPROVED, T.FAILED}), T.ORDERED)
RECORD_PAID = Move("record_paid", frozenset({T.ORDERED}), T.PAID)
RECORD_FAILED = Move("record_failed", frozenset({T.ORDERED, T.PAID}), T.FAILED)
CANCEL = Move("cancel", frozenset({T.PLANNED, T.REQUESTED, T.VERIFIED, T.PROPOSED, T.APPROVED, T.FAILED}), T.CANCELLED)
MOVES = (REQUEST, SEND_BACK, VERIFY, PROPOSE, APPROVE, TAKE_BACK, ORDER, RECORD_PAID, RECORD_FAILED, CANCEL)

RELEASED = frozenset({T.APPROVED, T.ORDERED, T.PAID, T.FAILED})
IN_A_FILE = frozenset({T.ORDERED, T.PAID})
"""States with one live payment line."""
SENT = frozenset({T.ORDERED})
"""The bank has them, and nobody has recorded what it said."""
UNDER_WAY = frozenset({T.PROPOSED, T.APPROVED, T.ORDERED, T.FAILED})
"""States in which somebody of finance has begun to pay and the money is not there yet."""
ON_ITS_WAY = frozenset({T.APPROVED, T.ORDERED, T.FAILED})
"""Released, and not paid yet."""
PASSED = RELEASED | {T.CANCELLED}
"""The tranche after one of these may be asked for."""
FOLLOWED = frozenset(
    {
        GrantStatus.CLOSING,
        GrantStatus.CLOSED,
        GrantStatus.RECOVERING,
        GrantStatus.RENOUNCED,
        GrantStatus.REVOKED,
    }
)
"""Grants whose state follows from their money."""
PAYABLE_GRANTS = frozenset({GrantStatus.ACTIVE, GrantStatus.CLOSING})
"""A grant that is not under way, suspended, ended or closed gets no money."""

FARTHEST_EXECUTION = timedelta(days=60)
LONGEST_REASON = 2000
LONGEST_FAILURE = 300


@dataclass(frozen=True, slots=True)
class GrantMoneyChanged:
    """A payment, a return or what held them has changed: the state of the grant may follow."""

    grant_id: UUID
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentReturned:
    """The bank gives a payment back: whoever has asked it back from the recipient lets go of it first, or refuses."""

    tranche_id: UUID
    grant_id: UUID
    actor: Actor
    at: datetime
