"""Accounts: creating them, naming them, moving them to another address, closing them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.links import ask_for_link, take_link, void_links, void_registrations
from portal.access.operations.passwords import end_sessions, hash_of, prove_password
from portal.access.operations.signing_in import sign_in
from portal.access.policy import Tie
from portal.access.queries import person_by_email
from portal.access.queries.accounts import LinkOver, own_person, what_holds
from portal.access.rules import AccountClosed, LinkPurpose, is_address
from portal.access.ties import hold_organisations, untie_person
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_line
from portal.core.unit_of_work import violation


class AddressTaken(Conflict):
    """One account for each address."""

    default = lazy_("An account with this address exists already.")


violation("uq_person_email", AddressTaken)


class StillNeeded(Conflict):
    """An organisation would be left without anybody who represents it, or an office without its officer."""

    default = lazy_("Your account cannot be closed yet: somebody must take over first what only you can do.")


def create_person(
    session: Session, *, email: str, name: str, password: str, actor: Actor, now: datetime, locale: str = "it"
) -> Person:
    """Create an account. Raises AddressTaken, or Invalid for an address or a password that is refused."""
    if not is_address(email.strip()):
        raise Invalid(lazy_("This is not an e-mail address. Write it like name@example.it."), "email")
    hashed = hash_of(password=password, about=(email, name))
    if person_by_email(session, email) is not None:
        raise AddressTaken
    person = Person(
        email=email.strip().casefold(), name=clean_line(name), password_hash=hashed, locale=locale, created_at=now
    )
    session.add(person)
    record(session, at=now, actor=actor, event="person.created", subject=person, after={"email": person.email})
    return person


def register_person(
    session: Session, *, token: str, name: str, password: str, locale: str, user_agent: str, actor: Actor,
    now: datetime,
) -> tuple[str, UUID]:  # fmt: skip
    """Create the account of whoever holds the link that was sent to an address, and sign them in.

    Returns the token of the sign-in and the key of the person. LinkOver when the address got an account meanwhile.
    """
    link = take_link(session, token=token, purpose=LinkPurpose.REGISTER, actor=actor, now=now)
    if person_by_email(session, link.email) is not None:
        raise LinkOver
    person = create_person(session, email=link.email, name=name, password=password, actor=actor, now=now, locale=locale)
    void_registrations(session, email=link.email, now=now)
    opened, _actor = sign_in(session, person=person, user_agent=user_agent, now=now)
    return opened, person.id


def change_profile(session: Session, *, name: str, locale: str, actor: Actor, now: datetime) -> None:
    """Change one's own name and the language of one's messages."""
    person = own_person(session, actor)
    before = {"name": person.name, "locale": person.locale}
    after = {"name": clean_line(name), "locale": locale}
    if before == after:
        return
    person.name, person.locale = after["name"], after["locale"]
    record(session, at=now, actor=actor, event="person.renamed", subject=person, before=before, after=after)


def ask_to_change_email(session: Session, *, email: str, current: str, actor: Actor, now: datetime) -> None:
    """Send a link to the new address and a warning to the one in use. Raises WrongPassword, TooManyLinks."""
    person = own_person(session, actor)
    prove_password(session, person=person, password=current)
    if email.lower() == person.email:
        raise Invalid(lazy_("This is the address of your account already. Write the new one."), "email")
    ask_for_link(
        session, purpose=LinkPurpose.CHANGE_EMAIL, email=email, locale=person.locale, now=now, person_id=person.id
    )
    record(session, at=now, actor=actor, event="person.email_change_asked", subject=person)


def change_email(session: Session, *, token: str, actor: Actor, now: datetime) -> None:
    """Move the account to the address to which the link was sent; both addresses are told."""
    link = take_link(session, token=token, purpose=LinkPurpose.CHANGE_EMAIL, actor=actor, now=now)
    person = session.get_one(Person, link.person_id, with_for_update=True)
    if person.disabled_at is not None or person_by_email(session, link.email) is not None:
        raise LinkOver
    before, person.email = person.email, link.email
    void_links(session, person_id=person.id, now=now)
    holder = Actor(person_id=person.id, name=person.name)
    record(
        session, at=now, actor=holder, event="person.email_changed", subject=person,
        before={"email": before}, after={"email": person.email},
    )  # fmt: skip
    for address in (before, person.email):
        send_mail(session, to=address, template="access/email_changed", locale=person.locale, now=now, person=person)


def close_account(session: Session, *, current: str, actor: Actor, now: datetime) -> None:
    """Close one's own account: nobody signs in with it any more, and every tie ends.

    Raises WrongPassword, or StillNeeded while an organisation has no other owner or a staff role is held. What may be
    erased of the values is erased by whoever hears AccountClosed.
    """
    person = own_person(session, actor)
    prove_password(session, person=person, password=current)
    hold_organisations(session, sorted(actor.objects_tied_as(Tie.OWNER)))
    if what_holds(session, person.id, now).anything:
        raise StillNeeded
    send_mail(session, to=person.email, template="access/account_closed", locale=person.locale, now=now, person=person)
    end_sessions(session, person=person, actor=actor, now=now)
    untie_person(session, person_id=person.id, now=now)
    void_links(session, person_id=person.id, now=now)
    person.closed_at = person.disabled_at = now
    record(session, at=now, actor=actor, event="person.closed", subject=person)
    announce(session, AccountClosed(person_id=person.id, at=now))
