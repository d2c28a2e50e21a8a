"""Signing in with SPID or CIE: one fiscal number opens one account, never by an e-mail address alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import ExternalIdentity, Person
from portal.access.operations.links import ask_for_link, take_link
from portal.access.operations.signing_in import NO_PASSWORD, sign_in, sign_out
from portal.access.queries import actor_of, person_by_email
from portal.access.queries.accounts import LinkOver, own_person
from portal.access.queries.identity import fiscal_number_linked, holder_of, identities_linked, is_trusted_for
from portal.access.rules import LinkPurpose
from portal.access.rules.identity import Claim, IdentityTaken, NotOpen, NotTrustedForStaff, masked_fiscal_number
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_line
from portal.core.unit_of_work import violation

violation("uq_external_identity_fiscal_number", IdentityTaken)
violation("external_identity.fiscal_number", IdentityTaken)


class AnotherNumber(Conflict):
    """An account belongs to one person."""

    default = lazy_(
        "Another codice fiscale is linked to your account. Remove it first, if it is yours as well; otherwise sign out"
        " and sign in with the other identity alone."
    )


class LastWayIn(Conflict):
    """Nobody locks themselves out."""

    default = lazy_(
        "This is the only way into your account. Choose a password first, with “Forgotten password” on the sign-in"
        " page; then remove it."
    )


def sign_in_with_claim(
    session: Session, *, claim: Claim, user_agent: str, actor: Actor, now: datetime
) -> tuple[str, UUID] | None:
    """Sign in whom the claim belongs to; None when it is nobody's yet.

    Returns the token of the session and whose it is; a level that counts as a second factor makes it strong. Raises
    NotOpen for an account that is disabled or closed, NotTrustedForStaff, IdentityTaken.
    """
    holder = holder_of(session, claim)
    if holder is None:
        return None
    person = session.get_one(Person, holder[0])
    if person.disabled_at is not None or person.closed_at is not None:
        raise NotOpen
    if not is_trusted_for(session, person, claim.issuer, now):
        raise NotTrustedForStaff
    identity = holder[1] or _remember(session, person, claim, now)
    identity.used_at = now
    sign_out(session, actor=actor, now=now)
    return _open(session, person, identity, claim, user_agent, now)


def link_identity(session: Session, *, claim: Claim, actor: Actor, now: datetime) -> ExternalIdentity:
    """Link an identity to one's own account, for whoever is signed in to it; twice changes nothing more.

    Raises IdentityTaken when it opens another account, AnotherNumber when this one has another fiscal number.
    """
    person = own_person(session, actor)
    holder = holder_of(session, claim)
    if holder is not None and holder[0] != person.id:
        raise IdentityTaken
    if holder is not None and holder[1] is not None:
        return holder[1]
    if fiscal_number_linked(session, person.id) not in (None, claim.fiscal_number):
        raise AnotherNumber
    if not is_trusted_for(session, person, claim.issuer, now):
        raise NotTrustedForStaff
    identity = _remember(session, person, claim, now)
    send_mail(
        session, to=person.email, template="access/identity_linked", locale=person.locale, now=now, person=person,
        number=masked_fiscal_number(claim.fiscal_number),
    )  # fmt: skip
    return identity


def unlink_identity(session: Session, *, identity_id: UUID, actor: Actor, now: datetime) -> None:
    """Remove an identity from one's own account, unless it is the only way in. Its number stays with the others."""
    person = own_person(session, actor)
    linked = identities_linked(session, person.id)
    identity = next((each for each in linked if each.id == identity_id), None)
    if identity is None:
        raise NotFound
    others = [each for each in linked if each.id != identity_id]
    if not others and person.password_hash == NO_PASSWORD:
        raise LastWayIn
    number = identity.fiscal_number
    record(session, at=now, actor=actor, event="identity.unlinked", subject=identity, before=_facts(identity))
    session.delete(identity)
    session.flush()
    if number and others:
        others[0].fiscal_number = number


def ask_for_account(session: Session, *, email: str, locale: str, now: datetime) -> None:
    """Send a link to the address that the new account shall have. Raises TooManyLinks."""
    ask_for_link(session, purpose=LinkPurpose.IDENTITY, email=email, locale=locale, now=now)


def open_account(
    session: Session, *, token: str, claim: Claim, name: str, locale: str, user_agent: str, actor: Actor, now: datetime
) -> tuple[str, UUID]:
    """Create the account of whoever proved a fiscal number and an address, in one browser, and sign them in.

    The link alone opens nothing: the claim comes from the browser that the provider led back. LinkOver when the
    address got an account in the meantime, IdentityTaken when the number did.
    """
    named = clean_line(claim.name or name)
    if not named:
        raise Invalid(lazy_("Write your name and surname."), "name")
    link = take_link(session, token=token, purpose=LinkPurpose.IDENTITY, actor=actor, now=now)
    if person_by_email(session, link.email) is not None:
        raise LinkOver
    if holder_of(session, claim) is not None:
        raise IdentityTaken
    sign_out(session, actor=actor, now=now)
    person = Person(email=link.email, name=named, password_hash=NO_PASSWORD, locale=locale, created_at=now)
    session.add(person)
    session.flush()
    holder = actor_of(session, person, now)
    record(session, at=now, actor=holder, event="person.created", subject=person, after={"email": person.email})
    identity = _remember(session, person, claim, now)
    return _open(session, person, identity, claim, user_agent, now)


def _remember(session: Session, person: Person, claim: Claim, now: datetime) -> ExternalIdentity:
    """Note an identity that was seen for the first time; the number is kept once, with the first of them."""
    is_known = fiscal_number_linked(session, person.id) == claim.fiscal_number
    identity = ExternalIdentity(
        person_id=person.id,
        issuer=claim.issuer,
        subject=claim.subject,
        fiscal_number=None if is_known else claim.fiscal_number,
        linked_at=now,
        used_at=now,
    )
    session.add(identity)
    session.flush()
    holder = actor_of(session, person, now)
    after = _facts(identity) | {"fiscal_number": masked_fiscal_number(claim.fiscal_number)}
    record(session, at=now, actor=holder, event="identity.linked", subject=identity, after=after)
    return identity


def _facts(identity: ExternalIdentity) -> dict[str, str]:
    return {"issuer": identity.issuer, "person": str(identity.person_id)}


def _open(
    session: Session, person: Person, identity: ExternalIdentity, claim: Claim, user_agent: str, now: datetime
) -> tuple[str, UUID]:
    token, holder = sign_in(session, person=person, user_agent=user_agent, now=now, strong=claim.is_strong)
    after = {"issuer": claim.issuer, "level": claim.acr}
    record(session, at=now, actor=holder, event="identity.signed_in", subject=identity, after=after)
    return token, person.id
