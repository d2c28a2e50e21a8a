"""Writing and verifying the chain.

`actor_hash = sha256(salt ‖ canonical(actor name))`, `values_hash = sha256(salt ‖ canonical(before, after, reason))` and
`hash = sha256(previous_hash ‖ canonical(everything else))`; canonical is JSON with sorted keys and no spaces.
"""

import hashlib
import json
import secrets
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit.models import AuditEvent, AuditHead
from portal.core.db import new_id
from portal.core.text import storable

GENESIS = "0" * 64


class Subject(Protocol):
    """Anything with a key and a table."""

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
) -> AuditEvent:
    """Append one event to the subject's chain, in the transaction of the change itself."""
    session.flush()
    head = _head_for_update(session, subject.__tablename__, subject.id)
    row = AuditEvent(
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        sequence=head.sequence + 1,
        at=at,
        actor_id=actor.person_id,
        actor_name=storable(actor.name) or "visitor",
        actor_roles=",".join(actor.role_names) or ("system" if actor.is_system else "person"),
        event=str(getattr(event, "value", event)),
        before=_plain_document(before),
        after=_plain_document(after),
        reason=None if reason is None else storable(reason),
        request_id=g.get("request_id", "") if has_request_context() else "",
        salt=secrets.token_hex(16),
        previous_hash=head.hash,
    )
    row.actor_hash, row.values_hash = actor_hash(row), values_hash(row)
    row.hash = event_hash(row)
    session.add(row)
    head.sequence, head.hash = row.sequence, row.hash
    session.flush()
    return row


def _head_for_update(session: Session, subject_type: str, subject_id: UUID) -> AuditHead:
    """The locked head of a chain; two first events at once wait for each other instead of failing."""
    query = select(AuditHead).where(AuditHead.subject_type == subject_type, AuditHead.subject_id == subject_id)
    head = session.scalars(query.with_for_update()).one_or_none()
    if head is not None:
        return head
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(AuditHead).values(
        id=new_id(), subject_type=subject_type, subject_id=subject_id, sequence=0, hash=GENESIS
    )
    session.execute(first.on_conflict_do_nothing())
    return session.scalars(query.with_for_update()).one()


def actor_hash(row: AuditEvent) -> str:
    """The salted commitment to the name of who acted, which may be erased."""
    return hashlib.sha256((row.salt + canonical({"actor_name": row.actor_name})).encode()).hexdigest()


def values_hash(row: AuditEvent) -> str:
    """The salted commitment to the values that may be erased."""
    values = {"before": row.before, "after": row.after, "reason": row.reason}
    return hashlib.sha256((row.salt + canonical(values)).encode()).hexdigest()


def event_hash(row: AuditEvent) -> str:
    """The link of the chain."""
    fixed = {
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "sequence": row.sequence,
        "at": row.at,
        "actor_id": row.actor_id,
        "actor_roles": row.actor_roles,
        "event": row.event,
        "request_id": row.request_id,
        "actor_hash": row.actor_hash,
        "values_hash": row.values_hash,
    }
    return hashlib.sha256((row.previous_hash + canonical(fixed)).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, instants in UTC with microseconds."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain_document(value: object) -> dict[str, Any] | None:
    if value is None:
        return None
    plain = _plain(value)
    return plain if isinstance(plain, dict) else {"value": plain}


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {storable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return storable(value)
    return value if value is None or isinstance(value, bool | int) else storable(str(value))
