"""Writing the chain: one event in the transaction of the change itself."""

import secrets
from datetime import datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit.hashes import GENESIS, actor_hash, event_hash, plain_document, values_hash
from portal.core.audit.models import AuditEvent, AuditHead
from portal.core.db import new_id
from portal.core.text import storable


class Subject(Protocol):
    """Anything with a key and a table; with an `authority_id` or a `guard` where it belongs to an authority."""

    @property
    def id(self) -> Any: ...

    @property
    def __tablename__(self) -> Any: ...


def record(
    session: Session,
    *,
    at: datetime,
    actor: Actor,
    event: str,
    subject: Subject,
    before: object = None,
    after: object = None,
    reason: str | None = None,
    authority_id: UUID | None = None,
) -> AuditEvent:
    """Append one event to the subject's chain, in the transaction of the change itself.

    `authority_id` is for a subject that does not tell its authority and yet belongs to one.
    """
    session.flush()
    head = _head_for_update(session, subject.__tablename__, subject.id)
    row = event_of(
        subject_type=subject.__tablename__, subject_id=subject.id, at=at, actor=actor, event=event, before=before,
        after=after, reason=reason, authority_id=authority_id or _authority_of(subject),
        follows=(head.sequence, head.hash),
    )  # fmt: skip
    session.add(row)
    head.sequence, head.hash = row.sequence, row.hash
    session.flush()
    return row


def event_of(
    *, subject_type: str, subject_id: UUID, authority_id: UUID | None, at: datetime, actor: Actor, event: str,
    before: object, after: object, reason: str | None, follows: tuple[int, str],
) -> AuditEvent:  # fmt: skip
    """An event, sealed upon the one it follows (its sequence and hash); in no session yet."""
    sequence, previous_hash = follows
    row = AuditEvent(
        subject_type=subject_type,
        subject_id=subject_id,
        sequence=sequence + 1,
        at=at,
        authority_id=authority_id,
        **_who(actor),
        event=str(getattr(event, "value", event)),
        before=plain_document(before),
        after=plain_document(after),
        reason=None if reason is None else storable(reason),
        request_id=g.get("request_id", "") if has_request_context() else "",
        salt=secrets.token_hex(16),
        actor_salt=secrets.token_hex(16),
        previous_hash=previous_hash,
    )
    row.actor_hash, row.values_hash = actor_hash(row), values_hash(row)
    row.hash = event_hash(row)
    return row


def _who(actor: Actor) -> dict[str, Any]:
    return {
        "actor_id": actor.person_id,
        "actor_name": storable(actor.name) or "visitor",
        "actor_roles": actor.recorded_roles or ("system" if actor.is_system else "person"),
    }


def _authority_of(subject: Subject) -> UUID | None:
    own: UUID | None = getattr(subject, "authority_id", None)
    return own or getattr(getattr(subject, "guard", None), "authority_id", None)


def _head_for_update(session: Session, subject_type: str, subject_id: UUID) -> AuditHead:
    """The locked head of a chain; two first events at once wait for each other instead of failing."""
    subject = {"subject_type": subject_type, "subject_id": subject_id}
    head = session.scalars(_locked(), subject).one_or_none()
    if head is not None:
        return head
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(AuditHead).values(
        id=new_id(), subject_type=subject_type, subject_id=subject_id, sequence=0, hash=GENESIS
    )
    session.execute(first.on_conflict_do_nothing())
    return session.scalars(_locked(), subject).one()


@cache
def _locked() -> Select[AuditHead]:
    """The head of a chain, locked; the statement is put together once."""
    query = select(AuditHead).where(
        AuditHead.subject_type == bindparam("subject_type"), AuditHead.subject_id == bindparam("subject_id")
    )
    return query.with_for_update().execution_options(populate_existing=True)
