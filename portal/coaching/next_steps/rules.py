"""States of a next step, and its limits."""

from enum import StrEnum

from portal.core.moves import Move


class StepStatus(StrEnum):
    """Open until it is done, or given up."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


TICK = Move("tick", frozenset({StepStatus.OPEN}), StepStatus.DONE)
DROP = Move("drop", frozenset({StepStatus.OPEN}), StepStatus.DROPPED)
CARRY_OVER = Move("carry_over", frozenset({StepStatus.OPEN}), StepStatus.OPEN)

LONGEST_STEP = 300
MOST_STEPS = 3
"""As many as one session agrees on."""
