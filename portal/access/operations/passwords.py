"""Passwords: hashed when chosen, proven before the gravest changes, changed, reset."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.access.models import Person, SignInFailure, WebSession
from portal.access.operations.links import take_link, void_links
from portal.access.operations.signing_in import HASHER, check_password
from portal.access.queries import email_hash, token_hash
from portal.access.queries.accounts import LinkOver, own_person
from portal.access.rules import LinkPurpose, check_new_password, same_typed
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.mail import send_mail


class WrongPassword(Invalid):
    """The password that should prove who asks is not theirs."""

    default = lazy_("This is not the password of your account. Write it again; “Forgotten password” gives a new one.")


def hash_of(*, password: str, about: Iterable[str]) -> str:
    """The hash of a password that may be chosen by whom these words are about. Raises Invalid."""
    check_new_password(password, about=about)
    return HASHER.hash(same_typed(password))


def prove_password(session: Session, *, person: Person, password: str) -> None:
    """Return when the password is the person's, and forget failed attempts; else WrongPassword.

    The attempt itself is counted before, in a transaction of its own (`count_attempt`).
    """
    if check_password(person=person, password=password) is None:
        raise WrongPassword(field="current")
    session.execute(delete(SignInFailure).where(SignInFailure.email_hash == email_hash(person.email)))


def change_password(session: Session, *, current: str, new: str, actor: Actor, now: datetime) -> str:
    """Take a new password from whoever knows the one before; every other sign-in of theirs ends.

    Returns the new token of this sign-in: a stolen copy of the former one opens nothing any more.
    """
    person = own_person(session, actor)
    prove_password(session, person=person, password=current)
    _set_password(session, person, new, event="person.password_changed", actor=actor, now=now)
    end_sessions(session, person=person, actor=actor, now=now, keep=actor)
    token, row = secrets.token_urlsafe(32), session.get_one(WebSession, actor.session_id)
    row.token_hash, row.former_token_hash, row.former_until = token_hash(token), None, None
    return token


def reset_password(session: Session, *, token: str, password: str, actor: Actor, now: datetime) -> Person:
    """Take a new password from whoever holds the link that was sent to the account's address.

    Every sign-in of the person ends; a second factor stays and is asked for as before.
    """
    link = take_link(session, token=token, purpose=LinkPurpose.RESET, actor=actor, now=now)
    person = session.get_one(Person, link.person_id, with_for_update=True)
    if person.disabled_at is not None or person.email != link.email:
        raise LinkOver
    holder = Actor(person_id=person.id, name=person.name)
    _set_password(session, person, password, event="person.password_reset", actor=holder, now=now)
    end_sessions(session, person=person, actor=holder, now=now)
    session.execute(delete(SignInFailure).where(SignInFailure.email_hash == email_hash(person.email)))
    return person


def end_sessions(session: Session, *, person: Person, actor: Actor, now: datetime, keep: Actor | None = None) -> None:
    """End every sign-in of a person, save the one in which `keep` acts."""
    live = select(WebSession).where(WebSession.person_id == person.id, WebSession.ended_at.is_(None))
    for row in session.scalars(live.where(WebSession.absolute_end > now).order_by(WebSession.id)):
        if keep is None or row.id != keep.session_id:
            row.ended_at = now
            record(session, at=now, actor=actor, event="session.closed", subject=row)


def _set_password(session: Session, person: Person, password: str, *, event: str, actor: Actor, now: datetime) -> None:
    person.password_hash = hash_of(password=password, about=(person.email, person.name))
    void_links(session, person_id=person.id, now=now)
    record(session, at=now, actor=actor, event=event, subject=person)
    send_mail(
        session, to=person.email, template="access/password_changed", locale=person.locale, now=now, person=person
    )
