"""Sending an application: checked, frozen, hashed, registered and acknowledged in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Action
from portal.applications.content import Sending, content_hash, digest, freeze
from portal.applications.models import Application, Submission, SubmissionAttempt
from portal.applications.operations.formalities import ChangedMeanwhile, NotDeclared, NotSigned, StampUsed, settle
from portal.applications.operations.refusals import (
    CountsOtherwise,
    NotAdmitted,
    NotReady,
    PhaseClosed,
    StandsInTwo,
    must_be_open,
)
from portal.applications.operations.taking import take_part
from portal.applications.operations.write import repeat_tagged
from portal.applications.queries import application_for, application_locked, open_draft
from portal.applications.queries.entry import entry_of
from portal.applications.rules import REGISTERED, SUBMIT, ApplicationStatus, ApplicationSubmitted
from portal.applications.sending import Given
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
KNOW_JOB = "applications.know_applicant"
NOTHING = Given()
OF_THE_APPLICATION = (
    NotReady, NotAdmitted, PhaseClosed, StandsInTwo, NotDeclared, StampUsed, NotSigned, ChangedMeanwhile,
    CountsOtherwise,
)  # fmt: skip
"""Refusals that say something of the application itself, not of who asked."""


def submit_application(
    session: Session,
    *,
    application_id: UUID,
    actor: Actor,
    received_at: datetime,
    now: datetime,
    given: Given = NOTHING,
) -> Submission:
    """Register an application whose request had arrived whole at `received_at`.

    Everything happens or nothing: deadline in force (P1), all checks at once, frozen content and its hash,
    protocol number, receipt. An application that was sent already answers with its receipt, to whoever sees what was
    sent. `given` are declarations and stamp. Raises PhaseClosed, NotReady, CountsOtherwise, and what `settle` raises.
    """
    application = application_locked(session, application_id, actor, Action.APPLICATION_SUBMIT)
    if application.submission is not None and application.status in COUNTING:
        return _sent_already(application.submission, given, received_at)
    must_be_open(phase=application.phase, at=received_at)
    SUBMIT.apply(application.status)
    _must_still_be_admitted(session, application)
    opened = open_draft(session, application, received_at)
    assessment = opened.assessment
    if not assessment.is_clear:
        raise NotReady(assessment)
    repeat_tagged(session, application=application)
    sending = Sending(application, opened.draft, opened.files.values(), actor, received_at)
    content = freeze(sending)
    content |= settle(
        session, opened=opened, given=given, digest=digest(content), actor=actor, received_at=received_at
    ).content
    _take_part(session, application, actor, now)
    submission = _register(session, sending, content, max(now, received_at))
    application.make(SUBMIT, at=received_at)
    _make_known(session, submission, actor, now)
    return submission


def _sent_already(submission: Submission, given: Given, received_at: datetime) -> Submission:
    """The version that counts, unless its sender's page showed another one: then nothing of that was sent."""
    if given.seen and given.seen != digest(submission.content):
        must_be_open(phase=submission.application.phase, at=received_at)
        raise CountsOtherwise
    return submission


def _take_part(session: Session, application: Application, actor: Actor, now: datetime) -> None:
    """Before a number is given: from then on everybody else who sends to this authority waits.

    While the call is sealed the office does not come to know who applied: a job tells it after the term. A rehearsal,
    whose days are over, waits for no job.
    """
    take_part(session, application=application, now=now)
    sealed_until = actor.sealed.get(application.phase_id)
    if sealed_until is not None and not application.call.authority.is_twin:
        enqueue(session, KNOW_JOB, now=now, run_at=sealed_until, application_id=application.id)
        return
    know_organisation(
        session, organisation_id=application.organisation_id, authority_id=application.authority_id, actor=actor,
        now=now,
    )  # fmt: skip


def _make_known(session: Session, submission: Submission, actor: Actor, now: datetime) -> None:
    """The trail, the receipt, the mails, the rooms that listen."""
    application: Application = submission.application
    after = {"protocol": submission.protocol_entry.label, "sha256": submission.content_sha256}
    record(session, at=now, actor=actor, event=Action.APPLICATION_SUBMIT, subject=application, after=after)
    enqueue(session, RECEIPT_JOB, now=now, submission_id=submission.id)
    _acknowledge(session, submission, actor, now)
    announce(
        session,
        ApplicationSubmitted(application_id=application.id, submission_id=submission.id, at=submission.received_at),
    )


def _must_still_be_admitted(session: Session, application: Application) -> None:
    """What it follows may have been renounced or excluded since it was begun."""
    if application.phase.earlier is None:
        return
    entry = entry_of(session, application, locked=True)
    if not entry.is_open:
        raise NotAdmitted(entry.missing)


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
    return isinstance(refusal, OF_THE_APPLICATION)


def _reasons(refusal: Refusal) -> Sequence[object]:
    if isinstance(refusal, NotReady):
        return [fault.message for fault in refusal.assessment.faults]
    if isinstance(refusal, NotAdmitted):
        return [each.message for each in refusal.missing]
    if isinstance(refusal, NotDeclared):
        return list(refusal.errors.values())
    return [refusal.message]


def _register(session: Session, sending: Sending, content: dict[str, Any], now: datetime) -> Submission:
    application, actor = sending.application, sending.actor
    sha256 = content_hash(content)
    entry = register_document(
        session,
        authority_id=application.authority_id,
        direction=Direction.INCOMING,
        subject=f"{application.reference} · {application.design.title['it']} · {sending.draft.title}",
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
        received_at=sending.received_at,
        accepted_at=now,
        submitted_by=actor.person_id,
        content=content,
        content_sha256=sha256,
        receipt_token=token_urlsafe(24),
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
