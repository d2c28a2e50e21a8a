"""What the worker does for questions after the end once a day."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.coaching.followup.operations import ask_those_due
from portal.core.jobs import periodic


@periodic("coaching.follow_up", every=timedelta(days=1))
def ask(session: Session, *, now: datetime) -> None:
    """Send the links whose day has come."""
    ask_those_due(session, now=now)
