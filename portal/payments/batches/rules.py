"""How a batch is released, and the limits of one."""

from enum import StrEnum


class BatchMode(StrEnum):
    """All of it or nothing, or each line for itself."""

    WHOLE = "whole"
    LINES = "lines"


class LineOutcome(StrEnum):
    """What became of one tranche of a batch."""

    RELEASED = "released"
    REFUSED = "refused"


MOST_LINES = 100
