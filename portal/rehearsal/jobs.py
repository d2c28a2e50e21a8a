"""What the worker does for rehearsals: one step a job, each the next one's beginning."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.jobs import enqueue, handler
from portal.rehearsal.operations import PLAY_JOB, play_step


@handler(PLAY_JOB)
def play(session: Session, *, now: datetime, rehearsal_id: str) -> None:
    """Play one step, and ask for the next while there is one; a job that runs twice plays on, never again."""
    rehearsal = play_step(session, rehearsal_id=UUID(rehearsal_id), now=now)
    if rehearsal.next_stop is not None:
        enqueue(session, PLAY_JOB, now=now, rehearsal_id=rehearsal.id)
