"""What people do with their own data, and what the data protection officer answers them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, OwnCopy, Person, PrivacyRequest
from portal.access.operations.erasing import StillHeld, erase_later, shut
from portal.access.policy import Action
from portal.access.queries.accounts import own_person, what_holds
from portal.access.queries.own_data import own_document, request_for, rows_held
from portal.access.rules.own_data import (
    NEEDS_TEXT,
    CopyReady,
    RequestDecided,
    RequestKind,
    RequestMade,
    RequestOutcome,
    due_in_one_month,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.core.text import clean_text
from portal.core.unit_of_work import violation

COPY_JOB = "access.make_own_copy"
MOST_AT_ONCE = 20_000
"""Values copied while the person waits (under a second); more of them the worker copies."""
LAST_MESSAGES = timedelta(days=1)
"""Between the answer that grants an erasure and the erasure: its message is sent meanwhile."""
LONGEST_TEXT = 5_000


class AskedAlready(Conflict):
    """One open request of a kind to each authority."""

    default = lazy_("You asked this already, and the answer is still to come. You can add to it when you get it.")


violation("uq_privacy_request_open", AskedAlready)


def ask(
    session: Session, *, kind: RequestKind, text: str, authority_id: UUID, actor: Actor, now: datetime
) -> PrivacyRequest:
    """Ask the data protection officer of an authority; the answer is due within a month (GDPR art. 12(3))."""
    person = own_person(session, actor)
    words = clean_text(text)[:LONGEST_TEXT]
    if kind in NEEDS_TEXT and not words:
        raise Invalid(lazy_("Say what it is about: which data, and what should become of it."), "text")
    if session.get(Authority, authority_id) is None:
        raise NotFound
    if _is_asked(session, person.id, kind, authority_id):
        raise AskedAlready
    request = PrivacyRequest(
        person_id=person.id, authority_id=authority_id, kind=kind, text=words, asked_at=now,
        due_at=due_in_one_month(now),
    )  # fmt: skip
    session.add(request)
    session.flush()
    after = {"kind": kind, "due_at": request.due_at}
    record(session, at=now, actor=actor, event="privacy.asked", subject=request, after=after)
    announce(session, RequestMade(request_id=request.id, authority_id=authority_id, at=now))
    return request


def _is_asked(session: Session, person_id: UUID, kind: RequestKind, authority_id: UUID) -> bool:
    query = select(PrivacyRequest.id).where(
        PrivacyRequest.person_id == person_id,
        PrivacyRequest.kind == kind,
        PrivacyRequest.authority_id == authority_id,
        PrivacyRequest.decided_at.is_(None),
    )
    return session.scalars(query).first() is not None


def decide_request(
    session: Session, *, request_id: UUID, outcome: RequestOutcome, decision: str, actor: Actor, now: datetime
) -> PrivacyRequest:
    """Answer a request in words. A granted erasure closes the account at once; a granted copy is made.

    Raises StillHeld when somebody must take over first what only the person can do.
    """
    request = request_for(session, request_id, actor, lock=True)
    if request.person_id == actor.person_id:
        raise Forbidden(lazy_("Nobody answers their own request: another data protection officer does."))
    if not request.is_open:
        raise Conflict(lazy_("This request was answered already."))
    words = clean_text(decision)[:LONGEST_TEXT]
    if not words:
        raise Invalid(lazy_("Write the answer: the person reads it, with what they can still do."), "decision")
    request.outcome, request.decision = outcome, words
    request.decided_by, request.decided_at = actor.person_id, now
    record(session, at=now, actor=actor, event=Action.PRIVACY_DECIDE, subject=request,
           after={"kind": request.kind, "outcome": outcome})  # fmt: skip
    announce(session, RequestDecided(request_id=request.id, person_id=request.person_id, at=now))
    if outcome is not RequestOutcome.REFUSED:
        _carry_out(session, request, actor, now)
    return request


def _carry_out(session: Session, request: PrivacyRequest, actor: Actor, now: datetime) -> None:
    if request.kind is RequestKind.ERASURE:
        if what_holds(session, request.person_id, now).anything:
            raise StillHeld  # its page names what this authority may know of
        shut(session, person=session.get_one(Person, request.person_id), actor=actor, now=now)
        erase_later(session, person_id=request.person_id, run_at=now + LAST_MESSAGES, now=now)
    if request.kind is RequestKind.EXPORT:
        _have_copied(session, request.person_id, actor, now)


def take_copy(session: Session, *, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The copy of one's own data; None when it is long: the worker makes it, and a notice tells when it is ready."""
    person = own_person(session, actor)
    if rows_held(session, person) > MOST_AT_ONCE:
        _have_copied(session, person.id, actor, now)
        return None
    record(session, at=now, actor=actor, event="privacy.copied", subject=person)
    return own_document(session, person, now=now)


def _have_copied(session: Session, person_id: UUID, actor: Actor, now: datetime) -> None:
    waiting = select(OwnCopy.id).where(OwnCopy.person_id == person_id, OwnCopy.made_at.is_(None))
    if session.scalars(waiting).first() is None:
        copy = OwnCopy(person_id=person_id, asked_at=now)
        session.add(copy)
        session.flush()
        record(session, at=now, actor=actor, event="privacy.copy_asked", subject=copy)
        enqueue(session, COPY_JOB, now=now, copy_id=copy.id)


def keep_copy(session: Session, *, copy_id: UUID, content: bytes, actor: Actor, now: datetime) -> None:
    """Keep a copy that was made for somebody, and tell them."""
    copy = session.get_one(OwnCopy, copy_id)
    copy.content, copy.made_at = content, now
    person = session.get_one(Person, copy.person_id)
    record(session, at=now, actor=actor, event="privacy.copied", subject=person)
    announce(session, CopyReady(person_id=copy.person_id, at=now))
