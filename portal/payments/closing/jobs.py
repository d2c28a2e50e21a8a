"""What the worker does for final accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.jobs import handler
from portal.payments.closing.letters import make_letter
from portal.payments.closing.operations.approving import LETTER_JOB


@handler(LETTER_JOB)
def tell_the_account(session: Session, *, now: datetime, account_id: str) -> None:
    """Make the letter with a final account."""
    make_letter(session, account_id=UUID(account_id), now=now)
