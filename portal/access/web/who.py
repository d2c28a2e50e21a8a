"""Who asks: the session behind a request, its person, and whether their second factor was given.

A session of somebody who needs a second factor and has not given it is a half one: for the policy its holder is a
visitor, and only what belongs to the second factor itself knows who it is (`bearer`).
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from flask import g, session
from flask_login import UserMixin, current_user
from sqlalchemy import update

from portal.access.models import WebSession
from portal.access.policy import Action, Guarded, allowed
from portal.access.queries import actor_of, live_session
from portal.access.queries.sessions import Live
from portal.access.rules import session_ends
from portal.access.rules.second_factor import must_have_factor
from portal.core.actor import ANONYMOUS, Actor
from portal.core.clock import now
from portal.core.db import database
from portal.core.unit_of_work import NO_DATABASE, reading

RENEW_AFTER = timedelta(minutes=1)
TOKEN, WHOSE, CSRF = "_user_id", "whose", "csrf_token"
"""What the cookie holds: Flask-Login's name for the token, whose it was last, the seed of the form tokens."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The session behind a request, half or whole."""

    session_id: UUID
    person_id: UUID
    name: str
    email: str
    began_at: datetime
    idle_end: datetime
    absolute_end: datetime
    strong_at: datetime | None
    has_factor: bool
    must_have_factor: bool
    """By a staff role that is held now."""

    @property
    def is_half(self) -> bool:
        """Whether a second factor is still to be given: by staff, and by everybody who set one up."""
        return (self.must_have_factor or self.has_factor) and self.strong_at is None


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the token of the cookie, the actor behind it, and the session once it was read."""

    def __init__(self, token: str, actor: Actor, session: SignIn | None = None) -> None:
        self.token = token
        self.actor = actor
        self.session = session

    def get_id(self) -> str:
        """The token itself: the session row decides at every request."""
        return self.token


def current_actor() -> Actor:
    """The person behind this request, or ANONYMOUS; also for a half session."""
    if "actor" not in g:
        user = _user()
        if user is None and g.get("showing_error"):
            return ANONYMOUS
        g.actor = ANONYMOUS if user is None else user.actor
    return cast("Actor", g.actor)


def signed_in() -> SignIn | None:
    """The session behind this request, half or whole."""
    user = _user()
    return None if user is None else user.session


def bearer() -> Actor:
    """Whoever holds the session behind this request: as `current_actor`; of a half session without roles and ties."""
    sign_in = signed_in()
    if sign_in is None or not sign_in.is_half:
        return current_actor()
    return Actor(person_id=sign_in.person_id, name=sign_in.name, session_id=sign_in.session_id)


def may(action: Action, subject: Guarded | None = None) -> bool:
    """Whether the person behind this request may do this."""
    return allowed(current_actor(), action, subject)


def enter(token: str, person_id: UUID) -> None:
    """Give the browser the token of a session that was opened for a person; whatever was in its cookie is dropped.

    Pages that the same person left open when their last session ended go on working: their form tokens stay good.
    """
    kept = session.get(CSRF) if session.get(WHOSE) == str(person_id) else None
    session.clear()
    session[WHOSE] = str(person_id)
    if kept:
        session[CSRF] = kept
    change_token(token)


def change_token(token: str) -> None:
    """Give the browser the new token of its session; the rest of this request sees it as it is now."""
    session[TOKEN] = token
    forget()


def forget() -> None:
    """Read the session again before the next question about it."""
    for read in ("actor", "_login_user"):
        g.pop(read, None)


def load(token: str) -> SignedIn | None:
    """The session of a token with its person: two statements, and at most one write a minute."""
    instant = now()
    with reading() as db:
        found = live_session(db, token, instant)
        if found is None:
            session.pop(TOKEN, None)
            return None
        row = found.row
        actor = actor_of(db, found.person, instant, session_id=row.id, strong_at=found.strong_at)
        known = _sign_in(found, actor, instant)
        is_due = instant - row.seen_at > RENEW_AFTER
    if is_due:
        _renew(known, instant)
    return SignedIn(token, ANONYMOUS if known.is_half else actor, known)


def _user() -> SignedIn | None:
    if g.get("showing_error") and "_login_user" not in g:
        return None  # what broke may be the database
    user = current_user._get_current_object()
    return user if isinstance(user, SignedIn) else None


def _sign_in(found: Live, actor: Actor, instant: datetime) -> SignIn:
    row, person = found.row, found.person
    ends = session_ends(roles=actor.role_names, began=row.began_at, seen=instant)
    return SignIn(
        session_id=row.id, person_id=person.id, name=person.name, email=person.email, began_at=row.began_at,
        idle_end=min(ends.idle, row.absolute_end), absolute_end=min(ends.absolute, row.absolute_end),
        strong_at=found.strong_at, has_factor=found.has_factor, must_have_factor=must_have_factor(actor.role_names),
    )  # fmt: skip


def _renew(known: SignIn, instant: datetime) -> None:
    """Push the idle end forward, at most once a minute, outside the request's own transaction."""
    database.session.rollback()
    seen = update(WebSession).where(WebSession.id == known.session_id, WebSession.ended_at.is_(None))
    with suppress(*NO_DATABASE), database.engine.begin() as connection:  # a reader never waits for it to succeed
        connection.execute(seen.values(seen_at=instant, idle_end=known.idle_end))
