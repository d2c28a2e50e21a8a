"""Writing down what happened to a call; whatever concerns its public is told by a job, after the commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.models import Call, CallEvent
from portal.calls.rules import Act, Text
from portal.calls.rules.publication import TOLD, CallEventKind
from portal.core.actor import Actor
from portal.core.jobs import enqueue

TELL_JOB = "calls.tell"


def note_event(
    session: Session,
    *,
    call: Call,
    kind: CallEventKind,
    actor: Actor,
    now: datetime,
    act: Act | None = None,
    reason: Text | None = None,
    phase_id: UUID | None = None,
    answer_id: UUID | None = None,
    effective_at: datetime | None = None,
) -> CallEvent:
    """Add one line to the history of a call, and the job that tells whoever wants to hear of it."""
    event = CallEvent(
        call_id=call.id,
        kind=kind,
        at=now,
        by=actor.person_id,
        revision=call.revision,
        act_number=act.number if act else None,
        act_date=act.date if act else None,
        reason=reason,
        phase_id=phase_id,
        answer_id=answer_id,
        effective_at=effective_at,
    )
    session.add(event)
    session.flush()
    if kind in TOLD:
        enqueue(session, TELL_JOB, now=now, event_id=event.id)
    return event
