"""Soccorso istruttorio, the applicant's side: answering what was asked and nothing else, and sending it in time."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action
from portal.applications.admissibility import ItemKind, Mendable
from portal.applications.content import content_hash
from portal.applications.models import (
    Application,
    IntegrationAttempt,
    IntegrationItem,
    IntegrationReply,
    IntegrationRequest,
)
from portal.applications.queries import application_for, application_locked
from portal.applications.queries.integration import mendable_of, request_locked, request_of
from portal.applications.rules import REPLY
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, Invalid, InvalidForm, Refusal
from portal.core.i18n import in_both, lazy_
from portal.core.instants import Instant
from portal.core.mail import send_mail
from portal.documents.operations import Arrived, known_among, store_upload
from portal.documents.rules import FileRules
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import Question, Typed, fault_of, is_answered, refusal_of, stored_answer
from portal.questionnaires.written import written_out
from portal.register.operations import register_document
from portal.register.rules import Direction

FORMAT = 1
MEGABYTE = 1024 * 1024
ITEM = "item-"
"""What stands before the key in the name of a field, and in the anchor of the page."""


class NothingAsked(Conflict):
    """Only what was asked can be answered."""

    default = lazy_("Nothing is asked here, or it was answered already: what was sent can no longer be changed.")


class IntegrationClosed(Closed):
    """An answer is taken until the last instant of its term."""

    default = lazy_("The term to answer is over.")


class IntegrationIncomplete(InvalidForm):
    """Every point that was asked is answered before the whole is sent."""


def item_rules(session: Session, *, application_id: UUID, key: str, actor: Actor) -> FileRules:
    """What is asked of the file that answers one point, to whoever may answer. Raises NothingAsked."""
    application = application_for(session, application_id, actor, Action.INTEGRATION_ANSWER)
    request = request_of(session, application)
    item = next((each for each in request.items if each.key == key), None) if request else None
    known = next((each for each in mendable_of(session, application) if each.key == key), None)
    if item is None or known is None:
        raise NothingAsked
    return replace(_rules(known), known=known_among(files=[item.file] if item.file else []))


def answer_item(
    session: Session,
    *,
    application_id: UUID,
    key: str,
    typed: Typed | None,
    upload: Arrived | None,
    actor: Actor,
    received_at: datetime,
    now: datetime,
) -> IntegrationItem:
    """Keep the answer to one thing that was asked. Raises NothingAsked, IntegrationClosed, Invalid."""
    application = application_locked(session, application_id, actor, Action.INTEGRATION_ANSWER)
    request = _open_request(session, application, received_at)
    item = next((each for each in request.items if each.key == key), None)
    known = next((each for each in mendable_of(session, application) if each.key == key), None)
    if item is None or known is None:
        raise NothingAsked
    if item.kind is ItemKind.DOCUMENT:
        _take_file(session, item, known, upload, actor, now)
    else:
        item.value = _read(_question(session, application, key), typed)
    item.answered_at, item.answered_by = now, actor.person_id
    session.flush()
    after = {"item": key, **({"sha256": item.file.sha256} if item.file else {})}
    record(session, at=now, actor=actor, event=Action.INTEGRATION_ANSWER, subject=application, after=after)
    return item


def send_integration(
    session: Session, *, application_id: UUID, actor: Actor, received_at: datetime, now: datetime
) -> IntegrationReply:
    """Freeze, hash and register the answers: an addition to what was sent first, which stays as it was.

    The clock that counts is that of the whole request's arrival. What was sent already answers with its number.
    Raises NothingAsked, IntegrationClosed, IntegrationIncomplete.
    """
    application = application_locked(session, application_id, actor, Action.INTEGRATION_SEND)
    sent = request_locked(session, application)
    if sent is not None and sent.reply is not None:
        return sent.reply
    request = _open_request(session, application, received_at)
    _must_be_whole(request)
    accepted_at = max(now, received_at)
    content = _frozen(session, application, request, actor, received_at)
    reply = _register(session, application, request, content, actor, received_at, accepted_at)
    before = application.status
    application.make(REPLY, at=received_at)
    record(session, at=now, actor=actor, event=Action.INTEGRATION_SEND, subject=application,
           before={"status": before},
           after={"status": application.status, "protocol": reply.protocol_entry.label,
                  "sha256": reply.content_sha256})  # fmt: skip
    _acknowledge(session, application, reply, actor, now)
    return reply


def note_refused_reply(
    session: Session, *, application_id: UUID, refusal: Refusal, actor: Actor, received_at: datetime
) -> None:
    """Keep a refused answer with its reasons: the applicant's proof of the attempt."""
    application = application_for(session, application_id, actor, Action.INTEGRATION_SEND)
    request = request_of(session, application)
    if request is None:
        return
    reasons = refusal.errors.values() if isinstance(refusal, InvalidForm) else [refusal.message]
    session.add(
        IntegrationAttempt(
            request_id=request.id, at=received_at, person_id=actor.person_id,
            reasons=[in_both(each) for each in reasons],
        )
    )  # fmt: skip


def is_worth_noting(*, refusal: Refusal) -> bool:
    """Whether a refusal says something of the answer itself, not of who asked."""
    return isinstance(refusal, IntegrationClosed | IntegrationIncomplete)


def _open_request(session: Session, application: Application, received_at: datetime) -> IntegrationRequest:
    request = request_locked(session, application)
    if request is None or request.reply is not None or application.status not in REPLY.sources:
        raise NothingAsked
    if received_at > request.last_instant:
        raise IntegrationClosed(
            lazy_("The term to answer ended on %(closes)s. The office decides on what it has; write to it, it may"
                  " still take account of a reason.", closes=Instant(request.last_instant, application.phase.zone))
        )  # fmt: skip
    return request


def _must_be_whole(request: IntegrationRequest) -> None:
    wrong = {}
    for item in request.items:
        if not item.is_answered:
            wrong[ITEM + item.key] = lazy_("Answer this point: it was asked.")
        elif item.file is not None and item.file.is_blocked:
            wrong[ITEM + item.key] = lazy_("A virus was found in this file. Attach a clean copy.")
    if wrong:
        raise IntegrationIncomplete(wrong)


def _question(session: Session, application: Application, key: str) -> Question:
    found = form_of(session, application.sheet).question(key)
    if found is None:
        raise NothingAsked
    return found


def _read(question: Question, typed: Typed | None) -> dict[str, Any]:
    """The answer as it is stored. Raises Invalid for what is missing, cannot be read or breaks a limit."""
    field = ITEM + question.key
    refused = refusal_of(question, typed)
    if refused is not None:
        raise Invalid(refused, field)
    stored = stored_answer(question, typed, areas=())
    fault = fault_of(question, stored)
    if fault is not None:
        raise Invalid(fault, field)
    if not is_answered(question, stored):
        raise Invalid(lazy_("Answer this point: it was asked."), field)
    return stored


def _take_file(
    session: Session, item: IntegrationItem, known: Mendable, upload: Arrived | None, actor: Actor, now: datetime
) -> None:
    there = [item.file] if item.file else []
    item.file = store_upload(session, upload=upload, rules=_rules(known), actor=actor, now=now, present=there)


def _rules(known: Mendable) -> FileRules:
    return FileRules(known.accept, known.max_mb * MEGABYTE, field=ITEM + known.key, strip=known.strip)


def _frozen(
    session: Session, application: Application, request: IntegrationRequest, actor: Actor, received_at: datetime
) -> dict[str, Any]:
    """The addition in plain JSON, readable without this portal; what it adds to is named by number and hash."""
    first = request.submission
    return {
        "format": FORMAT,
        "reference": application.reference,
        "adds_to": {"protocol": first.protocol_entry.label, "sha256": first.content_sha256},
        "asked": {"protocol": request.protocol_entry.label, "reason": request.reason},
        "items": [_item(session, application, item) for item in request.items],
        "sent_by": {"id": str(actor.person_id) if actor.person_id else None, "name": actor.name},
        "received_at": received_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _item(session: Session, application: Application, item: IntegrationItem) -> dict[str, Any]:
    said: dict[str, Any] = {"key": item.key, "label": dict(item.label), "asked": item.what}
    if item.file is not None:
        return said | {
            "file": {
                "file_id": str(item.file_id), "name": item.file.name, "media_type": item.file.media_type,
                "size_bytes": item.file.size_bytes, "sha256": item.file.sha256,
            }
        }  # fmt: skip
    question = _question(session, application, item.key)
    value = item.value["value"] if item.value else None
    return said | {"value": value, "text": written_out(question, item.value, {})}


def _register(
    session: Session,
    application: Application,
    request: IntegrationRequest,
    content: dict[str, Any],
    actor: Actor,
    received_at: datetime,
    accepted_at: datetime,
) -> IntegrationReply:
    sha256 = content_hash(content)
    entry = register_document(
        session, authority_id=application.authority_id, direction=Direction.INCOMING,
        subject=f"{application.reference} · {in_both(lazy_('Completion of the application'))['it']}",
        counterpart=application.organisation.name, sha256=sha256, actor=actor, now=accepted_at,
    )  # fmt: skip
    session.flush()
    reply = IntegrationReply(
        request_id=request.id, protocol_entry_id=entry.id, protocol_entry=entry, received_at=received_at,
        accepted_at=accepted_at, replied_by=actor.person_id, content=content, content_sha256=sha256,
    )  # fmt: skip
    request.reply = reply
    session.flush()
    return reply


def _acknowledge(
    session: Session, application: Application, reply: IntegrationReply, actor: Actor, now: datetime
) -> None:
    """Write to the organisation and to whoever sent it: number, instant, hash."""
    person = session.get(Person, actor.person_id) if actor.person_id else None
    addresses: dict[str, str] = {application.organisation.email: "it"}
    if person is not None:
        addresses[person.email] = person.locale
    for address, language in addresses.items():
        send_mail(session, to=address, template="applications/integration_sent", locale=language, now=now,
                  application=application, reply=reply)  # fmt: skip
