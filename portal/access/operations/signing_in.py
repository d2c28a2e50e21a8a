"""Signing in and out."""

import secrets
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.access.models import Person, SignInFailure, WebSession
from portal.access.queries import actor_of, email_hash, recent_failures, token_hash
from portal.access.rules import MOST_FAILURES, same_typed, session_ends
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, TooMany
from portal.core.i18n import lazy_
from portal.core.text import clean_line

HASHER = PasswordHasher()
NO_PASSWORD = "!"  # noqa: S105
"""Stands for the hash of somebody who signs in by an identity provider alone."""
NOBODY = HASHER.hash(secrets.token_hex(16))
"""Verified for unknown addresses, so that the answer takes as long as for known ones."""


class WrongCredentials(Invalid):
    """The pair of address and password is not known."""

    default = lazy_("The address or the password is not right. Check both and try again.")


class LockedOut(TooMany):
    """Too many failures for this address, known or not."""

    default = lazy_("Too many failed attempts for this address. Wait 15 minutes and try again.")


def count_attempt(session: Session, *, email: str, now: datetime) -> UUID:
    """Count one more attempt at an address, known or not; LockedOut after five failures in fifteen minutes.

    Counted before the password is tried, so that attempts sent at once count as well; signing in forgets them.
    """
    if recent_failures(session, email, now) >= MOST_FAILURES:
        raise LockedOut
    failure = SignInFailure(email_hash=email_hash(email), at=now)
    session.add(failure)
    session.flush()
    return failure.id


def take_back_attempt(session: Session, *, attempt_id: UUID) -> None:
    """An attempt that never came to the password, or that failed for something else, was none."""
    session.execute(delete(SignInFailure).where(SignInFailure.id == attempt_id))


def check_password(*, person: Person | None, password: str) -> Person | None:
    """The person when the password is theirs and the account open; a hash is computed in every case."""
    is_open = person is not None and person.disabled_at is None and person.closed_at is None
    usable = person is not None and is_open and person.password_hash != NO_PASSWORD
    try:
        HASHER.verify(person.password_hash if person and usable else NOBODY, same_typed(password))
    except (VerificationError, InvalidHashError):
        return None
    return person if usable else None


def sign_in(
    session: Session, *, person: Person, user_agent: str, now: datetime, strong: bool = False
) -> tuple[str, Actor]:
    """Open a session for a person whose password was checked; return the token that only the browser keeps.

    `strong` says that a second factor was given with it; without it the session of whoever needs one is a half one.
    """
    token = secrets.token_urlsafe(32)
    actor = actor_of(session, person, now, strong_at=now if strong else None)
    session.execute(delete(SignInFailure).where(SignInFailure.email_hash == email_hash(person.email)))
    ends = session_ends(roles=actor.role_names, began=now, seen=now)
    row = WebSession(
        person_id=person.id,
        token_hash=token_hash(token),
        user_agent=clean_line(user_agent)[:200],
        began_at=now,
        seen_at=now,
        idle_end=ends.idle,
        absolute_end=ends.absolute,
        strong_at=now if strong else None,
    )
    session.add(row)
    record(session, at=now, actor=actor, event="session.opened", subject=row)
    return token, actor


def sign_out(session: Session, *, actor: Actor, now: datetime) -> None:
    """End the actor's session; its row stays, its token opens nothing any more."""
    row = session.get(WebSession, actor.session_id) if actor.session_id else None
    if row is not None and row.ended_at is None:
        row.ended_at = now
        record(session, at=now, actor=actor, event="session.closed", subject=row)
