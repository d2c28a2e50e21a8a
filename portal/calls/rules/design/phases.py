"""The flow of a call: phases, what each asks and how it chooses, when it is open, what stands between two."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.calls.rules.design.acts import Act
from portal.calls.rules.design.allocation import Allocation, EdgeRule, RankingDesign
from portal.calls.rules.design.asking import DocumentRequest, Questionnaire
from portal.calls.rules.design.criteria import Criterion, TieBreak
from portal.calls.rules.design.evaluation import EvaluationRules
from portal.questionnaires.rules.design import Exact, Text


class Flow(StrEnum):
    """How a call runs: once, as idea → accompaniment → project, or in order of arrival (a sportello)."""

    SINGLE = "single"
    TWO_STAGE = "two_stage"
    SPORTELLO = "sportello"


class Inclusive(StrEnum):
    """What "by 12:00" means: that very instant, or the whole minute that the clock shows as 12:00."""

    INSTANT = "instant"
    MINUTE = "minute"


class PhaseGate(StrEnum):
    """What lets an applicant into a later phase."""

    SELECTED = "selected"
    ATTENDED = "attended"
    INCORPORATED = "incorporated"


@dataclass(frozen=True)
class Deadline(Exact):
    """A closing instant in local time; each extension is a further row with its act and reason."""

    closes: datetime
    act: Act | None = None
    reason: Text | None = None


@dataclass(frozen=True)
class Batch(Exact):
    """A window of a sportello: what arrives until `closes` is assessed together."""

    key: str
    closes: datetime
    places: int | None = None


@dataclass(frozen=True)
class Accompaniment(Exact):
    """Training or coaching between this phase and the next; `minimum_attendance` is per cent of its hours."""

    name: Text
    hours: int
    minimum_attendance: Decimal
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Selection(Exact):
    """What one phase asks and how it chooses; where it says nothing, the call does."""

    questionnaire: Questionnaire | None = None
    documents_requested: list[DocumentRequest] | None = None
    criteria: list[Criterion] | None = None
    weights_sum: Decimal | None = None
    minimum_total: Decimal | None = None
    cap: Decimal | None = None
    tie_breaks: list[TieBreak] | None = None
    edge_rule: EdgeRule | None = None
    allocation: Allocation | None = None
    rankings: list[RankingDesign] | None = None
    evaluators_per_application: int | None = None
    evaluation: EvaluationRules | None = None


@dataclass(frozen=True)
class PhaseDesign(Exact):
    """One phase: when it opens and closes in the wall time of its zone, who enters, what it asks."""

    key: str
    name: Text
    opens: datetime
    deadlines: list[Deadline]
    zone: str = "Europe/Rome"
    grace_seconds: int = 0
    inclusive: Inclusive = Inclusive.INSTANT
    entry: list[PhaseGate] = field(default_factory=list)
    selection: Selection | None = None
    accompaniment: Accompaniment | None = None
    batches: list[Batch] = field(default_factory=list)

    @property
    def beyond(self) -> timedelta:
        """How long after the closing instant an application is still in time: the named minute, and the grace."""
        minute = timedelta(minutes=1) - timedelta(microseconds=1)
        grace = timedelta(seconds=self.grace_seconds)
        return grace + minute if self.inclusive is Inclusive.MINUTE else grace
