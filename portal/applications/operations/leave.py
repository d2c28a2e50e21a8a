"""Taking an application back: withdrawing it, reopening it before the term, keeping the registered version."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application, Submission
from portal.applications.operations.refusals import must_be_open
from portal.applications.operations.taking import leave_part
from portal.applications.queries import application_locked
from portal.applications.rules import REOPEN, RESTORE, WITHDRAW, ApplicationWithdrawn
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue

RESTORE_JOB = "applications.restore"


def withdraw_application(session: Session, *, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Take an application out of the call for good; what was registered stays on record."""
    application = application_locked(session, application_id, actor, Action.APPLICATION_SUBMIT)
    before = application.status
    application.make(WITHDRAW, at=now)
    leave_part(session, application=application, now=now)
    _record(session, application, actor, now, "application.withdrawn", before)
    announce(session, ApplicationWithdrawn(application_id=application.id, at=now))
    return application


def reopen_application(session: Session, *, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Open a sent application again, before the term; unless sent anew, its last registered version counts."""
    application = application_locked(session, application_id, actor, Action.APPLICATION_SUBMIT)
    must_be_open(phase=application.phase, at=now)
    before = application.status
    application.make(REOPEN, at=now)
    _record(session, application, actor, now, "application.reopened", before)
    run_at = application.phase.deadline.accepted_until
    enqueue(session, RESTORE_JOB, now=now, run_at=run_at, application_id=application.id)
    return application


def keep_registered_version(session: Session, *, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Close a reopened application without sending it: the last registered version counts as before."""
    application = application_locked(session, application_id, actor, Action.APPLICATION_SUBMIT)
    submission = application.submission
    if submission is None:
        raise Conflict(lazy_("This application was never sent: there is no registered version to keep."))
    restore_version_sent(session, application=application, submission=submission, actor=actor, now=now)
    return application


def restore_version_sent(
    session: Session, *, application: Application, submission: Submission, actor: Actor, now: datetime
) -> None:
    """Let a reopened application say again what its registered version says. The caller has locked it."""
    before, content = application.status, submission.content
    application.make(RESTORE, at=now)
    application.title = content["title"]
    application.area = content["area"]["key"] if content["area"] else None
    application.requested_cents = content["amounts"]["requested_cents"]
    application.total_cents = content["amounts"]["total_cents"]
    _record(session, application, actor, now, "application.restored", before)


def _record(
    session: Session, application: Application, actor: Actor, now: datetime, event: str, before: object
) -> None:
    record(
        session, at=now, actor=actor, event=event, subject=application,
        before={"status": before}, after={"status": application.status},
    )  # fmt: skip
