"""A call as it was at some instant: the design, deadlines and documents that were in force then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.calls.callfile import design_from_json
from portal.calls.models import Call, CallDocument, CallEvent, CallRevision, Phase, PhaseDeadline
from portal.calls.queries.publication import deadlines_at, documents_of, events_of, revision_at
from portal.calls.rules import CallDesign
from portal.calls.rules.publication import CallEventKind


@dataclass(frozen=True, slots=True)
class PhaseThen:
    """One phase with the deadlines that had been decided by then."""

    key: str
    name: dict[str, Any]
    zone: str
    opens_at: datetime
    deadlines: list[PhaseDeadline]

    @property
    def closes_at(self) -> datetime:
        """The closing instant in force then."""
        return self.deadlines[-1].closes_at


@dataclass(frozen=True, slots=True)
class CallThen:
    """Everything that the page of a call showed at an instant."""

    at: datetime
    slug: str
    authority: Authority
    title: dict[str, Any]
    design: CallDesign
    revision: CallRevision
    phases: list[PhaseThen]
    documents: Sequence[CallDocument]
    cancelled: CallEvent | None

    def shown_phase(self, now: datetime) -> PhaseThen:
        """The phase whose dates mattered then: the first that was not over, else the last."""
        return next((phase for phase in self.phases if phase.closes_at >= now), self.phases[-1])

    @property
    def is_open(self) -> bool:
        """Whether applications were taken at that instant."""
        running = any(phase.opens_at <= self.at <= phase.closes_at for phase in self.phases)
        return running and self.cancelled is None


def call_then(session: Session, call: Call, at: datetime) -> CallThen:
    """The call as it was shown at an instant; NotFound before its publication."""
    revision = revision_at(session, call, at)
    design, deadlines = design_from_json(revision.definition), deadlines_at(call, at)
    ended = [each for each in events_of(session, call) if each.kind is CallEventKind.CANCELLED and each.at <= at]
    return CallThen(
        at=at,
        slug=call.slug,
        authority=call.authority,
        title=design.title,
        design=design,
        revision=revision,
        phases=[_phase_then(phase, design, deadlines[phase.key]) for phase in call.phases],
        documents=documents_of(session, call.id, at),
        cancelled=ended[0] if ended else None,
    )


def _phase_then(phase: Phase, design: CallDesign, decided: list[PhaseDeadline]) -> PhaseThen:
    named = {each.key: each.name for each in design.phases}
    name = named.get(phase.key, phase.name)
    return PhaseThen(phase.key, name, phase.zone, phase.opens_at, decided or phase.deadlines[:1])
