"""What the worker does for accounts, after the commit of what asked for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.operations.links import ANSWER_JOB, answer_link_request
from portal.core.jobs import handler


@handler(ANSWER_JOB)
def answer(session: Session, *, now: datetime, request_id: str) -> None:
    """Write the message that somebody asked for."""
    answer_link_request(session, request_id=UUID(request_id), now=now)
