"""Every night: anchor the trail, then verify it. Any number of workers, one effect."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.core.audit import Count
from portal.core.jobs import before_slow_work, periodic
from portal.reporting.trail import operations

DAY = timedelta(days=1)


@periodic("audit.anchor", every=DAY)
def anchor(session: Session, *, now: datetime) -> None:
    """Take the anchor of the day."""
    operations.anchor_trail(session, now=now)


@periodic("audit.verify", every=DAY)
def verify(session: Session, *, now: datetime) -> None:
    """Verify everything, and keep what was found."""
    count = Count()
    with before_slow_work(session):
        faults = list(operations.faults_of(session, now=now, count=count))
    operations.note_verification(session, faults=faults, count=count, now=now)
