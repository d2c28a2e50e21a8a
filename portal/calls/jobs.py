"""What the worker does for calls: publishing at the chosen instant, telling whoever is concerned."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.models import CallEvent
from portal.calls.news import tell_next
from portal.calls.operations.history import TELL_JOB
from portal.calls.operations.publication import PUBLISH_JOB, publish_when_due
from portal.core.jobs import enqueue, handler


@handler(PUBLISH_JOB)
def publish(session: Session, *, now: datetime, call_id: str) -> None:
    """Publish a call whose instant has come."""
    publish_when_due(session, call_id=UUID(call_id), now=now)


@handler(TELL_JOB)
def tell(session: Session, *, now: datetime, event_id: str) -> None:
    """Tell one batch, then ask for the next."""
    event = session.get_one(CallEvent, UUID(event_id))
    if tell_next(session, event=event, now=now):
        enqueue(session, TELL_JOB, now=now, event_id=event.id)
