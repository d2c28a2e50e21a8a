"""The path of a request to change a grant, and what may be moved in the budget without asking. Pure."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from portal.core.moves import Move
from portal.grants.rules import GrantStatus

LONGEST_TEXT = 4000
AMENDABLE = frozenset({GrantStatus.ACTIVE, GrantStatus.SUSPENDED})
"""A plan is changed while it is being carried out."""
HUNDRED = Decimal(100)


class AmendmentKind(StrEnum):
    """What somebody asks to change. The account is changed by two people on the page of the organisation."""

    BUDGET_SHIFT = "budget_shift"
    EXTENSION = "extension"
    PARTNER = "partner"
    MILESTONE = "milestone"


class Side(StrEnum):
    """Who asks: the recipient or the office."""

    TEAM = "team"
    OFFICE = "office"


class AmendmentStatus(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    RETURNED = "returned"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


A = AmendmentStatus
RETURN = Move("return", frozenset({A.REQUESTED}), A.RETURNED)
COMPLETE = Move("complete", frozenset({A.RETURNED}), A.REQUESTED)
GRANT = Move("grant", frozenset({A.REQUESTED}), A.GRANTED)
REFUSE = Move("refuse", frozenset({A.REQUESTED}), A.REFUSED)
WITHDRAW = Move("withdraw", frozenset({A.REQUESTED, A.RETURNED}), A.WITHDRAWN)
AMENDMENTS = (RETURN, COMPLETE, GRANT, REFUSE, WITHDRAW)
OPEN_AMENDMENTS = frozenset({A.REQUESTED, A.RETURNED})


@dataclass(frozen=True, slots=True)
class FreeShift:
    """How much of a budget may be moved without asking: in all, already moved, still left. Cents."""

    most: int
    used: int

    @property
    def left(self) -> int:
        """What may still be moved."""
        return max(self.most - self.used, 0)


def free_shift(total_cents: int, per_cent: Decimal, used_cents: int) -> FreeShift:
    """The share that a call leaves free, of the whole budget, rounded down; every free move counts, also one back."""
    most = (Decimal(total_cents) * per_cent / HUNDRED).to_integral_value(ROUND_FLOOR)
    return FreeShift(int(most), used_cents)
