"""Access to the documents of an evaluation (art. 22-25 L. 241/1990): asked, told to whom it concerns, decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.content import content_hash
from portal.applications.models import Application
from portal.applications.operations.integration import needed_text, register_letter, tell_team
from portal.applications.queries import application_locked
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.instants import format_day
from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.evaluation.afterwards import DECIDE_DAYS, DECIDED, OBJECT_DAYS, RELEASED, DisclosureStatus
from portal.evaluation.bundles import bundle_of
from portal.evaluation.models import DisclosureNotice, DisclosureRequest
from portal.evaluation.queries.disclosing import disclosure_locked, notice_locked
from portal.evaluation.queries.rankings import published_row, ranking_named
from portal.evaluation.terms import after_days, day_at
from portal.register.operations import register_document
from portal.register.rules import Direction

LONGEST = 10_000
SUBJECT = "Richiesta di accesso agli atti"


def ask_for_documents(
    session: Session, *, application_id: UUID, wants: str, interest: str, actor: Actor, now: datetime
) -> DisclosureRequest:
    """An applicant asks for documents of the evaluation and says why; from that day the 30 days run."""
    application = application_locked(session, application_id, actor, Action.DISCLOSURE_ASK)
    if published_row(session, application_id) is None:
        raise Closed(lazy_("Documents can be asked for once a ranking is published."))
    said = needed_text(text=wants, field="wants", most=LONGEST)
    why = needed_text(text=interest, field="interest", most=LONGEST)
    entry = register_document(
        session, authority_id=application.authority_id, direction=Direction.INCOMING,
        subject=f"{application.reference} · {SUBJECT}", counterpart=application.organisation.name,
        sha256=content_hash({"wants": said, "interest": why}), actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    due = after_days(day_at(now, application.phase.zone), DECIDE_DAYS)
    request = DisclosureRequest(
        authority_id=application.authority_id, phase_id=application.phase_id, application_id=application.id,
        wants=said, interest=why, asked_at=now, asked_by=actor.person_id, due_on=due, protocol_entry_id=entry.id,
        status_at=now,
    )  # fmt: skip
    session.add(request)
    session.flush()
    record(session, at=now, actor=actor, event=Action.DISCLOSURE_ASK, subject=request,
           after={"due_on": due, "register": entry.label})  # fmt: skip
    _tell(session, application, now, lazy_(
        "%(reference)s: your request for access is registered with number %(number)s; the office decides by %(day)s.",
        reference=application.reference, number=entry.label, day=format_day(due),
    ))  # fmt: skip
    return request


def tell_counter_interested(
    session: Session, *, request_id: UUID, reference: str, actor: Actor, now: datetime
) -> DisclosureNotice:
    """Tell another applicant, whose documents are asked for; it may object within ten days. Nothing of them is said."""
    request = disclosure_locked(session, request_id, actor, Action.DISCLOSURE_DECIDE)
    _must_wait(request)
    found = ranking_named(session, reference, None)
    other = session.get(Application, found[1]) if found and found[1] else None
    if other is None or other.phase_id != request.phase_id or other.id == request.application_id:
        raise Invalid(lazy_("Write the number of another application of this ranking."), "reference")
    if any(each.application_id == other.id for each in request.notices):
        raise Conflict(lazy_("This applicant was told already."))
    due = after_days(day_at(now, request.phase.zone), OBJECT_DAYS)
    notice = DisclosureNotice(request_id=request.id, application_id=other.id, told_at=now, due_on=due)
    request.notices.append(notice)
    session.flush()
    record(session, at=now, actor=actor, event="disclosure.told", subject=request,
           after={"application": other.reference, "due_on": due})  # fmt: skip
    _tell(session, other, now, lazy_(
        "%(reference)s: somebody asks for documents that concern you. You may object with reasons until %(day)s.",
        reference=other.reference, day=format_day(due),
    ))  # fmt: skip
    return notice


def object_to_disclosure(
    session: Session, *, notice_id: UUID, text: str, actor: Actor, now: datetime, received_at: datetime | None = None
) -> DisclosureNotice:
    """A counter-interested applicant objects, once, within its days; what counts is when it had arrived whole."""
    sent_at = received_at or now
    notice = notice_locked(session, notice_id, actor)
    _must_wait(notice.request)
    if notice.objection is not None:
        raise Conflict(lazy_("You have objected already."))
    if day_at(sent_at, notice.application.phase.zone) > notice.due_on:
        raise Closed(lazy_("The days for objecting are over."))
    notice.objection = needed_text(text=text, field="text", most=LONGEST)
    notice.objected_at, notice.objected_by = sent_at, actor.person_id
    record(session, at=now, actor=actor, event=Action.DISCLOSURE_OBJECT, subject=notice.request,
           after={"application": notice.application.reference})  # fmt: skip
    return notice


def decide_request(
    session: Session, *, request_id: UUID, status: DisclosureStatus, reason: str, actor: Actor, now: datetime
) -> DisclosureRequest:
    """Decide with reasons; granted, the redacted bundle is made, hashed and released to who asked.

    Raises Conflict while a counter-interested applicant still has days to object.
    """
    request = disclosure_locked(session, request_id, actor, Action.DISCLOSURE_DECIDE)
    _must_wait(request)
    today = day_at(now, request.phase.zone)
    open_ones = [each for each in request.notices if each.objection is None and today <= each.due_on]
    if open_ones and status in RELEASED:
        raise Conflict(lazy_("Somebody who was told may still object until %(day)s.",
                             day=format_day(max(each.due_on for each in open_ones))))  # fmt: skip
    words = needed_text(text=reason, field="reason", most=LONGEST)
    application = request.application
    if status in RELEASED:
        content = bundle_of(session, request, is_partial=status is DisclosureStatus.GRANTED_PARTLY)
        request.bundle = store_bytes(session, name=f"atti-{application.reference}.zip", media_type="application/zip",
                                     content=content, actor=actor, now=now)  # fmt: skip
        session.flush()
    sha256 = request.bundle.sha256 if request.bundle else None
    told = {"request": str(request.id), "status": status, "reason": words, "bundle": sha256}
    what = lazy_("Decision on the request for access to documents")
    entry = register_letter(session, application=application, what=what, told=told, actor=actor, now=now)
    request.make(DECIDED[status], at=now)
    request.reason, request.decided_at, request.decided_by = words, now, actor.person_id
    request.decision_entry_id = entry.id
    record(session, at=now, actor=actor, event=Action.DISCLOSURE_DECIDE, subject=request, reason=words,
           after={"status": status, "register": entry.label, "sha256": sha256})  # fmt: skip
    _tell(session, application, now, lazy_("%(reference)s: your request for access to documents is decided.",
                                           reference=application.reference), why=words)  # fmt: skip
    return request


def take_bundle(session: Session, *, request_id: UUID, actor: Actor, now: datetime) -> StoredFile:
    """The bundle of a request that was granted; who took it, and when, is recorded."""
    request = disclosure_locked(session, request_id, actor, Action.DISCLOSURE_READ)
    if request.bundle is None:
        raise Conflict(lazy_("No documents were released on this request."))
    record(session, at=now, actor=actor, event="disclosure.taken", subject=request,
           after={"sha256": request.bundle.sha256})  # fmt: skip
    return request.bundle


def _must_wait(request: DisclosureRequest) -> None:
    if not request.awaits_decision:
        raise Conflict(lazy_("This request is decided already."))


def _tell(session: Session, application: Application, now: datetime, words: object, why: str | None = None) -> None:
    tell_team(session, application=application, text=words, template="evaluation/disclosure", now=now,
              path=f"/applications/{application.id}/documents-of-the-evaluation", words=words, why=why)  # fmt: skip
