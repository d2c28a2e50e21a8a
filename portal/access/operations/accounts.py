"""Accounts: creating people."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.signing_in import HASHER
from portal.access.queries import person_by_email
from portal.access.rules import SHORTEST_PASSWORD
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line


class AddressTaken(Conflict):
    """One account for each address."""

    default = lazy_("An account with this address exists already.")


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
