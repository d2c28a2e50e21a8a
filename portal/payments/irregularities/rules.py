"""What an irregularity is, and how it ends."""

from enum import StrEnum


class IrregularityKind(StrEnum):
    """What went wrong."""

    COSTS = "costs"
    DOUBLE_FUNDING = "double_funding"
    DECLARATIONS = "declarations"
    OBLIGATIONS = "obligations"
    CONFLICT = "conflict"
    FRAUD = "fraud"
    OTHER = "other"


class IrregularityOutcome(StrEnum):
    """How it was closed: nothing was wrong, it was mended, or money has to come back."""

    UNFOUNDED = "unfounded"
    MENDED = "mended"
    RECOVERED = "recovered"


LONGEST_DESCRIPTION = 4000
