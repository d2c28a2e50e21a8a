"""What the worker does for maturity once a day."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.coaching.maturity.operations import look_for_warnings
from portal.core.jobs import periodic


@periodic("coaching.warnings", every=timedelta(days=1))
def look(session: Session, *, now: datetime) -> None:
    """Look for teams that may need help."""
    look_for_warnings(session, now=now)
