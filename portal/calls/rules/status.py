"""How the publication of a call and the selection of a phase move, and what they announce."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.core.moves import Move


class CallStatus(StrEnum):
    """Where publication stands; open and closed follow from the clock and the deadline in force."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


APPROVE = Move("approve", frozenset({CallStatus.DRAFT}), CallStatus.APPROVED)
PUBLISH = Move("publish", frozenset({CallStatus.APPROVED}), CallStatus.PUBLISHED)
CONCLUDE = Move("conclude", frozenset({CallStatus.PUBLISHED}), CallStatus.CONCLUDED)
CANCEL = Move("cancel", frozenset({CallStatus.DRAFT, CallStatus.APPROVED, CallStatus.PUBLISHED}), CallStatus.CANCELLED)


class PhaseStatus(StrEnum):
    """Where the selection of one phase stands."""

    PLANNED = "planned"
    RUNNING = "running"
    EVALUATION = "evaluation"
    CONCLUDED = "concluded"


RUN = Move("run", frozenset({PhaseStatus.PLANNED}), PhaseStatus.RUNNING)
EVALUATE = Move("evaluate", frozenset({PhaseStatus.RUNNING}), PhaseStatus.EVALUATION)
CONCLUDE_PHASE = Move("conclude_phase", frozenset({PhaseStatus.EVALUATION}), PhaseStatus.CONCLUDED)


@dataclass(frozen=True, slots=True)
class CallExtended:
    """The deadline of a phase moved, by an act."""

    call_id: UUID
    phase_id: UUID
    closes_at: datetime
    at: datetime
