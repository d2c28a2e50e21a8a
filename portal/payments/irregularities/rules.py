"""What an irregularity is, how long its recipient is heard, how it ends, and when the European body is told. Pure."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

MONTHS_OF_A_QUARTER = 3
MONTHS_TO_REPORT = 2


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


class StepKind(StrEnum):
    """What happened to it."""

    OPENED = "opened"
    REPLIED = "replied"
    CLOSED = "closed"
    OPENED_AGAIN = "opened_again"
    REPORTED = "reported"


OFFICE_STEPS = frozenset({StepKind.REPORTED})
"""What the recipient is not told."""

LONGEST_DESCRIPTION = 4000
LONGEST_REFERENCE = 80


def has_to_be_reported(eu_cents: int, above_cents: int) -> bool:
    """Whether so much money of the Union is reported to the European body (Reg. 2021/1060, annex XII)."""
    return eu_cents > above_cents


def report_by(found_on: date) -> date:
    """The last day to report it: two months after the end of the quarter in which it was found."""
    quarter_end = -(-found_on.month // MONTHS_OF_A_QUARTER) * MONTHS_OF_A_QUARTER
    years, month = divmod(quarter_end + MONTHS_TO_REPORT - 1, 12)
    year = found_on.year + years
    return date(year, month + 1, monthrange(year, month + 1)[1])
