"""What the worker does for applications, after the commit of what asked for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.applications.models import Submission
from portal.applications.operations.leave import RESTORE_JOB, keep_registered_version
from portal.applications.operations.rebase import REBASE_JOB, rebase_drafts
from portal.applications.operations.submit import RECEIPT_JOB
from portal.applications.queries import application_of
from portal.applications.receipts import make_receipt
from portal.core.actor import SYSTEM
from portal.core.jobs import enqueue, handler


@handler(RECEIPT_JOB)
def make_the_receipt(session: Session, *, now: datetime, submission_id: str) -> None:
    """Make the PDF receipt of a submission."""
    make_receipt(session, submission=session.get_one(Submission, UUID(submission_id)), now=now)


@handler(RESTORE_JOB)
def restore(session: Session, *, now: datetime, application_id: str) -> None:
    """After the term, let the registered version of a reopened application count; wait on when it was extended."""
    application = application_of(session, UUID(application_id))
    if not application.is_draft or application.submission is None:
        return
    accepted_until = application.phase.deadline.accepted_until
    if now <= accepted_until:
        enqueue(session, RESTORE_JOB, now=now, run_at=accepted_until, application_id=application.id)
        return
    keep_registered_version(session, application_id=application.id, actor=SYSTEM, now=now)


@handler(REBASE_JOB)
def follow_the_form(session: Session, *, now: datetime, call_id: str, form_revision_id: str) -> None:
    """Carry the next drafts over to a revised form; come back while there are more."""
    if rebase_drafts(session, call_id=UUID(call_id), form_revision_id=UUID(form_revision_id), now=now):
        enqueue(session, REBASE_JOB, now=now, call_id=call_id, form_revision_id=form_revision_id)
