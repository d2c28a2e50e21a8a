"""Signing in and out, creating people, granting roles."""

import secrets
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, SignInFailure, WebSession
from portal.access.policy import STAFF, Role
from portal.access.queries import actor_of, email_hash, person_by_email, recent_failures, token_hash
from portal.access.rules import MOST_FAILURES, SHORTEST_PASSWORD, session_ends
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, TooMany
from portal.core.i18n import lazy_
from portal.core.text import clean_line

HASHER = PasswordHasher()
NOBODY = HASHER.hash(secrets.token_hex(16))
"""Verified for unknown addresses, so that the answer takes as long as for known ones."""


class WrongCredentials(Invalid):
    """The pair of address and password is not known."""

    default = lazy_("The address or the password is not right. Check both and try again.")


class LockedOut(TooMany):
    """Too many failures for this address, known or not."""

    default = lazy_("Too many failed attempts for this address. Wait 15 minutes and try again.")


class AddressTaken(Conflict):
    """One account for each address."""

    default = lazy_("An account with this address exists already.")


def count_attempt(session: Session, *, email: str, now: datetime) -> None:
    """Count one more attempt at an address, known or not; LockedOut after five failures in fifteen minutes.

    Counted before the password is tried, so that attempts sent at once count as well; signing in forgets them.
    """
    if recent_failures(session, email, now) >= MOST_FAILURES:
        raise LockedOut
    session.add(SignInFailure(email_hash=email_hash(email), at=now))


def check_password(*, person: Person | None, password: str) -> Person | None:
    """The person when the password is theirs and the account open; a hash is computed in every case."""
    usable = person is not None and person.disabled_at is None
    try:
        HASHER.verify(person.password_hash if person and usable else NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return person if usable else None


def sign_in(session: Session, *, person: Person, user_agent: str, now: datetime) -> tuple[str, Actor]:
    """Open a session for a person whose password was checked; return the token that only the browser keeps."""
    token = secrets.token_urlsafe(32)
    actor = actor_of(session, person, now)
    session.execute(delete(SignInFailure).where(SignInFailure.email_hash == email_hash(person.email)))
    is_staff = any(role in STAFF for role in actor.role_names)
    ends = session_ends(is_staff=is_staff, began=now, seen=now)
    row = WebSession(
        person_id=person.id,
        token_hash=token_hash(token),
        user_agent=clean_line(user_agent)[:200],
        began_at=now,
        seen_at=now,
        idle_end=min(ends.idle, ends.absolute),
        absolute_end=ends.absolute,
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


def create_person(
    session: Session, *, email: str, name: str, password: str, actor: Actor, now: datetime, locale: str = "it"
) -> Person:
    """Create an account. Raises AddressTaken, or Invalid for a password shorter than twelve characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(lazy_("Choose a password of at least 12 characters."), "password")
    if person_by_email(session, email) is not None:
        raise AddressTaken
    person = Person(
        email=email.strip().casefold(),
        name=clean_line(name),
        password_hash=HASHER.hash(password),
        locale=locale,
        created_at=now,
    )
    session.add(person)
    record(session, at=now, actor=actor, event="person.created", subject=person, after={"email": person.email})
    return person


def grant_role(
    session: Session, *, person_id: UUID, role: Role, authority_id: UUID, actor: Actor, now: datetime
) -> RoleGrant:
    """Give a staff role in one authority; nobody grants to oneself (also a CHECK)."""
    if person_id == actor.person_id:
        raise Conflict(lazy_("Nobody grants a role to themselves: ask another administrator."))
    grant = RoleGrant(person_id=person_id, role=role, authority_id=authority_id, granted_by=actor.person_id, since=now)
    session.add(grant)
    record(session, at=now, actor=actor, event="role.granted", subject=grant, after={"role": role})
    return grant
