"""What the worker does for personal data: long copies, erasures, and once a day what is over."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from portal.access.copies import archive_of
from portal.access.models import OwnCopy, Person
from portal.access.operations.erasing import ERASE_JOB, StillHeld, erase_person
from portal.access.operations.own_data import COPY_JOB, keep_copy
from portal.access.operations.retention import apply_retention
from portal.access.queries.own_data import own_document
from portal.core.actor import SYSTEM
from portal.core.i18n import speaking
from portal.core.jobs import handler, periodic

RETENTION_JOB = "access.apply_retention"
REASON = "GDPR art. 17: the account is closed"
"""What the trail says of an erasure; it names nobody."""
log = structlog.get_logger("privacy")


@handler(COPY_JOB)
def make_own_copy(session: Session, *, now: datetime, copy_id: str) -> None:
    """Make the copy that somebody asked for."""
    copy = session.get(OwnCopy, UUID(copy_id))
    if copy is None:  # its person was erased meanwhile
        return
    person = session.get_one(Person, copy.person_id)
    with speaking(person.locale):
        content = archive_of(own_document(session, person, now=now), at=now)
    keep_copy(session, copy_id=copy.id, content=content, actor=SYSTEM, now=now)


@handler(ERASE_JOB)
def erase(session: Session, *, now: datetime, person_id: str) -> None:
    """Erase somebody whose account is closed; who is held stays, and the page of data protection shows it."""
    try:
        erase_person(session, person_id=UUID(person_id), actor=SYSTEM, now=now, reason=REASON)
    except StillHeld:
        log.info("erasure held", person=person_id)


@periodic(RETENTION_JOB, every=timedelta(days=1))
def let_go(session: Session, *, now: datetime) -> None:
    """Warn of what will be over, delete what is."""
    gone = apply_retention(session, now=now)
    log.info("retention applied", **gone)
