"""The way of a plan: asked for, worked out, then put into force or set aside."""

from enum import StrEnum

from portal.core.moves import Move


class DistributionStatus(StrEnum):
    """Where a plan stands."""

    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"
    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"


D = DistributionStatus
WORK_OUT = Move("work_out", frozenset({D.ASKED}), D.READY)
GIVE_UP = Move("give_up", frozenset({D.ASKED}), D.FAILED)
CONFIRM = Move("confirm", frozenset({D.READY}), D.CONFIRMED)
SET_ASIDE = Move("set_aside", frozenset({D.ASKED, D.READY, D.FAILED}), D.SET_ASIDE)
OPEN = SET_ASIDE.sources
"""A phase has at most one plan that is open."""
