"""The path of a milestone, and what it announces."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move


class MilestoneStatus(StrEnum):
    """Where a milestone stands."""

    PLANNED = "planned"
    REPORTED = "reported"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAIVED = "waived"


M = MilestoneStatus
REPORT = Move("report", frozenset({M.PLANNED, M.RETURNED}), M.REPORTED)
RETURN = Move("return", frozenset({M.REPORTED}), M.RETURNED)
ACCEPT = Move("accept", frozenset({M.REPORTED}), M.ACCEPTED)
PLAN = Move("plan", frozenset({M.PLANNED}), M.PLANNED)
WAIVE = Move("waive", frozenset({M.PLANNED, M.REPORTED, M.RETURNED}), M.WAIVED)

DONE = frozenset({M.ACCEPTED, M.WAIVED})


@dataclass(frozen=True, slots=True)
class ReportAccepted:
    """A milestone's report was accepted, which opens the gate of its tranche."""

    milestone_id: UUID
    grant_id: UUID
    at: datetime


OPEN_TO_REPORT = REPORT.sources
OPEN_TO_PLAN = PLAN.sources
REMIND_BEFORE = timedelta(days=60)
"""How long before its day a milestone appears on the desk of its team."""
EVIDENCE_TYPES = ("pdf", "p7m", "png", "jpg", "jpeg", "docx", "xlsx")
LARGEST_EVIDENCE = 10 * 1024 * 1024
MOST_FILES = 10
LONGEST_NARRATIVE = 8000
LONGEST_REASON = 2000
