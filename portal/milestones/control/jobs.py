"""What the worker does for the control of costs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.jobs import handler
from portal.milestones.control.letters import make_letter
from portal.milestones.control.operations.deciding import LETTER_JOB


@handler(LETTER_JOB)
def tell_the_result(session: Session, *, now: datetime, report_id: str) -> None:
    """Make the letter with the result of a control."""
    make_letter(session, report_id=UUID(report_id), now=now)
