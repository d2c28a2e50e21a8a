"""Reading sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.access.models import Person, WebSession
from portal.access.queries.people import token_hash
from portal.access.queries.second_factor import has_factor


@dataclass(frozen=True, slots=True)
class Live:
    """A session that a token opens, with its person."""

    row: WebSession
    person: Person
    has_factor: bool
    strong_at: datetime | None
    """When a second factor was given, as far as this token knows: a former token keeps what it had."""


def live_session(session: Session, token: str, now: datetime) -> Live | None:
    """The session of this token with its person, unless ended, expired or of a disabled person: one statement."""
    hashed = token_hash(token)
    found = session.execute(_opened(), {"hashed": hashed, "at": now}).one_or_none()
    if found is None:
        return None
    row, person, has_one = found
    is_last = row.token_hash == hashed
    return Live(row, person, bool(has_one), row.strong_at if is_last else row.former_strong_at)


@cache
def _opened() -> Select[Any, Any, Any]:
    """The statement of `live_session`, put together once: every request asks it."""
    hashed: BindParameter[Any] = bindparam("hashed")
    now: BindParameter[Any] = bindparam("at")
    former = and_(WebSession.former_token_hash == hashed, WebSession.former_until > now)
    return (
        select(WebSession, Person, has_factor())
        .join(Person, Person.id == WebSession.person_id)
        .where(or_(WebSession.token_hash == hashed, former), *_is_live(now))
        .where(Person.disabled_at.is_(None), Person.closed_at.is_(None))
    )


def _is_live(now: datetime | BindParameter[Any]) -> tuple[ColumnElement[bool], ...]:
    return WebSession.ended_at.is_(None), WebSession.idle_end > now, WebSession.absolute_end > now


def sessions_of(session: Session, person_id: UUID | None, now: datetime) -> Sequence[WebSession]:
    """A person's sessions under way, the one seen last first."""
    query = select(WebSession).where(WebSession.person_id == person_id, *_is_live(now))
    return session.scalars(query.order_by(WebSession.seen_at.desc(), WebSession.id)).all()


def own_session(session: Session, sign_in_id: UUID, person_id: UUID | None, now: datetime) -> WebSession | None:
    """One of a person's own sessions under way."""
    query = select(WebSession).where(WebSession.id == sign_in_id, WebSession.person_id == person_id, *_is_live(now))
    return session.scalars(query).one_or_none()
