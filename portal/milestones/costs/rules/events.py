"""What cost reports announce."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CostReportSent:
    """A recipient has sent its costs: the office has something to control."""

    report_id: UUID
    grant_id: UUID
    claimed_cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CostReportApproved:
    """The control of a cost report ended: so much of it stands."""

    report_id: UUID
    grant_id: UUID
    accepted_cents: int
    at: datetime
