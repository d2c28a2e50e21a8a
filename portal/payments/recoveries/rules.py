"""Money asked back: why, the path of a recovery, and what a part of the money is for. Pure, in cents."""

from collections.abc import Sequence
from enum import StrEnum

from portal.core.moves import Move
from portal.payments.recoveries.interest import Instalment


class RecoverySource(StrEnum):
    """What it follows from."""

    END_ACT = "end_act"
    IRREGULARITY = "irregularity"
    FINAL_ACCOUNT = "final_account"


class RecoveryStatus(StrEnum):
    """Decided by an act; settled once all of it came back; reversed by a later act."""

    DECIDED = "decided"
    SETTLED = "settled"
    REVERSED = "reversed"


class Payer(StrEnum):
    """Who sent the money."""

    RECIPIENT = "recipient"
    GUARANTOR = "guarantor"


R = RecoveryStatus
SETTLE = Move("settle", frozenset({R.DECIDED}), R.SETTLED)
OPEN_AGAIN = Move("open_again", frozenset({R.SETTLED}), R.DECIDED)
REVERSE = Move("reverse", frozenset({R.DECIDED}), R.REVERSED)
MOVES = (SETTLE, OPEN_AGAIN, REVERSE)
STANDING = frozenset({R.DECIDED, R.SETTLED})

LONGEST_REASON = 2000
LONGEST_REFERENCE = 80
MOST_INSTALMENTS = 60


def principal_in(returned: int, plan: Sequence[Instalment]) -> int:
    """How much of what came back is principal: each instalment in turn, its interest first (art. 1194 c.c.)."""
    found = 0
    for each in plan:
        here = min(returned, each.cents)
        found += max(here - each.interest_cents, 0)
        returned -= here
    return found
