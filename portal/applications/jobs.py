"""What the worker does for applications, after the commit of what asked for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.operations.organisations import know_organisation
from portal.access.seals import sealed_until
from portal.applications.models import Submission
from portal.applications.operations.leave import RESTORE_JOB, keep_registered_version
from portal.applications.operations.rebase import REBASE_JOB, rebase_drafts
from portal.applications.operations.submit import KNOW_JOB, RECEIPT_JOB
from portal.applications.queries import application_of
from portal.applications.receipts import make_receipt
from portal.applications.rules import ApplicationStatus
from portal.core.actor import SYSTEM
from portal.core.jobs import enqueue, handler


@handler(RECEIPT_JOB)
def make_the_receipt(session: Session, *, now: datetime, submission_id: str) -> None:
    """Make the PDF receipt of a submission."""
    make_receipt(session, submission=session.get_one(Submission, UUID(submission_id)), now=now)


@handler(KNOW_JOB)
def know_the_applicant(session: Session, *, now: datetime, application_id: str) -> None:
    """Once the seal has ended, let the office reach whoever applied and did not withdraw; wait on while it holds."""
    application = application_of(session, UUID(application_id))
    until = sealed_until(session, [application.phase_id]).get(application.phase_id)
    if until is not None and now <= until:
        enqueue(session, KNOW_JOB, now=now, run_at=until, application_id=application.id)
    elif application.status is not ApplicationStatus.WITHDRAWN:
        know_organisation(
            session, organisation_id=application.organisation_id, authority_id=application.authority_id, now=now
        )


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
