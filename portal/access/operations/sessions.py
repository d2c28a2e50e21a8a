"""One's own sign-ins: going on with this one, ending others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import WebSession
from portal.access.queries.sessions import own_session, sessions_of
from portal.access.rules import session_ends
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import NotFound


def extend_session(session: Session, *, actor: Actor, now: datetime) -> None:
    """Push the idle end of the actor's session forward; its absolute end stays."""
    row = session.get(WebSession, actor.session_id) if actor.session_id else None
    if row is None or row.ended_at is not None:
        raise NotFound
    ends = session_ends(roles=actor.role_names, began=row.began_at, seen=now)
    row.seen_at, row.idle_end = now, min(ends.idle, row.absolute_end)


def end_session(session: Session, *, sign_in_id: UUID, actor: Actor, now: datetime) -> None:
    """End one of the actor's own sessions. Raises NotFound for one of anybody else."""
    row = own_session(session, sign_in_id, actor.person_id, now)
    if row is None:
        raise NotFound
    _end(session, row, actor, now)


def end_other_sessions(session: Session, *, actor: Actor, now: datetime) -> int:
    """End every session of the actor but the one in use; return how many there were."""
    others = [row for row in sessions_of(session, actor.person_id, now) if row.id != actor.session_id]
    for row in others:
        _end(session, row, actor, now)
    return len(others)


def _end(session: Session, row: WebSession, actor: Actor, now: datetime) -> None:
    row.ended_at = now
    record(session, at=now, actor=actor, event="session.closed", subject=row)
