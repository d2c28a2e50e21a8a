"""Sending an application: checked, frozen, hashed, registered and acknowledged in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Action
from portal.applications.content import Sending, content_hash, freeze
from portal.applications.models import Application, Submission, SubmissionAttempt
from portal.applications.operations.refusals import NotReady, PhaseClosed, must_be_open
from portal.applications.operations.write import repeat_tagged
from portal.applications.queries import OpenDraft, application_for, application_locked, open_draft
from portal.applications.rules import REGISTERED, SUBMIT, ApplicationStatus, ApplicationSubmitted
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Refusal
from portal.core.events import announce
from portal.core.i18n import in_both
from portal.core.jobs import enqueue
from portal.core.mail import send_mail
from portal.register.operations import register_document
from portal.register.rules import Direction

COUNTING = REGISTERED - {ApplicationStatus.WITHDRAWN}
RECEIPT_JOB = "applications.make_receipt"


def submit_application(
    session: Session, *, application_id: UUID, actor: Actor, received_at: datetime, now: datetime
) -> Submission:
    """Register an application whose request had arrived whole at `received_at`.

    Everything happens or nothing: deadline in force (P1), all checks at once, frozen content and its hash,
    protocol number, receipt. An application that was sent already answers with its receipt.
    Raises PhaseClosed, NotReady.
    """
    application = application_locked(session, application_id, actor, Action.APPLICATION_SUBMIT)
    if application.submission is not None and application.status in COUNTING:
        return application.submission
    must_be_open(phase=application.phase, at=received_at)
    SUBMIT.apply(application.status)
    opened = open_draft(session, application, received_at)
    assessment = opened.assessment
    if not assessment.is_clear:
        raise NotReady(assessment)
    repeat_tagged(session, application=application)
    submission = _register(session, opened, actor, received_at, max(now, received_at))
    application.make(SUBMIT, at=received_at)
    know_organisation(
        session, organisation_id=application.organisation_id, authority_id=application.authority_id, actor=actor,
        now=now,
    )  # fmt: skip
    after = {"protocol": submission.protocol_entry.label, "sha256": submission.content_sha256}
    record(session, at=now, actor=actor, event=Action.APPLICATION_SUBMIT, subject=application, after=after)
    enqueue(session, RECEIPT_JOB, now=now, submission_id=submission.id)
    _acknowledge(session, submission, actor, now)
    announce(
        session,
        ApplicationSubmitted(application_id=application.id, submission_id=submission.id, at=received_at),
    )
    return submission


def note_refused_attempt(
    session: Session, *, application_id: UUID, refusal: Refusal, actor: Actor, received_at: datetime
) -> None:
    """Keep a refused press of "send", with its reasons: the team's proof of the attempt."""
    application = application_for(session, application_id, actor, Action.APPLICATION_SUBMIT)
    session.add(
        SubmissionAttempt(
            application_id=application.id,
            at=received_at,
            person_id=actor.person_id,
            reasons=[in_both(message) for message in _reasons(refusal)],
        )
    )


def is_worth_noting(*, refusal: Refusal) -> bool:
    """Whether a refusal says something of the application itself, not of who asked."""
    return isinstance(refusal, NotReady | PhaseClosed)


def _reasons(refusal: Refusal) -> Sequence[object]:
    if isinstance(refusal, NotReady):
        return [fault.message for fault in refusal.assessment.faults]
    return [refusal.message]


def _register(session: Session, opened: OpenDraft, actor: Actor, received_at: datetime, now: datetime) -> Submission:
    application = opened.application
    content = freeze(Sending(application, opened.draft, opened.files.values(), actor, received_at))
    sha256 = content_hash(content)
    entry = register_document(
        session,
        authority_id=application.authority_id,
        direction=Direction.INCOMING,
        subject=f"{application.reference} · {application.call.design.title['it']} · {opened.draft.title}",
        counterpart=application.organisation.name,
        sha256=sha256,
        actor=actor,
        now=now,
    )
    submission = Submission(
        application_id=application.id,
        phase_id=application.phase_id,
        protocol_entry_id=entry.id,
        form_revision_id=application.sheet.form_revision_id,
        received_at=received_at,
        accepted_at=now,
        submitted_by=actor.person_id,
        content=content,
        content_sha256=sha256,
        protocol_entry=entry,
    )
    application.submissions.append(submission)
    session.flush()
    return submission


def _acknowledge(session: Session, submission: Submission, actor: Actor, now: datetime) -> None:
    """Write to the organisation and to whoever sent it: number, instant, hash."""
    application: Application = submission.application
    person = session.get(Person, actor.person_id) if actor.person_id else None
    addresses = {application.organisation.email: "it"}
    if person is not None:
        addresses[person.email] = person.locale
    for address, language in addresses.items():
        send_mail(
            session, to=address, template="applications/submitted", locale=language, now=now,
            application=application, submission=submission,
        )  # fmt: skip
