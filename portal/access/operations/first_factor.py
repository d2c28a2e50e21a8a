"""The first second factor of an account: for whoever reads the messages of its address, not for any password.

A code goes to the address at that moment, and opens the setting up in the session that asked for it, for a quarter of
an hour. Whoever came in by a second factor of an identity provider needs none.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.models import Person, SignInFailure
from portal.access.policy import is_fresh
from portal.access.queries import email_hash, recent_failures
from portal.access.queries.accounts import own_person
from portal.access.rules import MOST_FAILURES
from portal.access.rules.second_factor import plain_code
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, TooMany
from portal.core.i18n import lazy_
from portal.core.mail import send_mail
from portal.core.secrets import SealBroken, seal, unseal

CODE_SEAL = "code sent to an address"
PROOF_SEAL = "address read by its person"
LASTS = timedelta(minutes=15)
DIGITS = 8


class AddressUnproven(Conflict):
    """The first factor was asked for by somebody who has shown nothing but the password."""

    default = lazy_(
        "Before the first second factor, a code sent to your address shows that it is you: open this page again to ask"
        " for it."
    )


class WrongAddressCode(Invalid):
    """Not the code of the last message, or too old."""

    default = lazy_("This is not the code of the last message, or fifteen minutes have passed. Ask for a new one.")


class TooManyAddressCodes(TooMany):
    """So many messages, or tries, are enough in a quarter of an hour."""

    default = lazy_("Five codes were asked for, or tried, within 15 minutes. Wait, then ask for a new one.")


def count_address_code(session: Session, *, what: str, actor: Actor, now: datetime) -> None:
    """Count one more message (`sent`) or try (`tried`). Raises TooManyAddressCodes after five in fifteen minutes."""
    key = f"first-factor-{what}:{actor.person_id}"
    if recent_failures(session, key, now) >= MOST_FAILURES:
        raise TooManyAddressCodes
    session.add(SignInFailure(email_hash=email_hash(key), at=now))


def send_address_code(session: Session, *, actor: Actor, now: datetime) -> str:
    """Send a code to the address of the account; returns what the form carries until the code is written."""
    person = own_person(session, actor)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    record(session, at=now, actor=actor, event="second_factor.code_sent", subject=person)
    send_mail(
        session, to=person.email, template="access/address_code", locale=person.locale, now=now, person=person,
        code=code, until=now + LASTS,
    )  # fmt: skip
    return seal(f"{_whose(actor, person)} {now.isoformat()} {code}", purpose=CODE_SEAL)


def prove_address(session: Session, *, sealed: str, code: str, actor: Actor, now: datetime) -> str:
    """Take the code of the message; returns the proof that the session keeps. Raises WrongAddressCode."""
    person = own_person(session, actor)
    sent = _opened(sealed, CODE_SEAL, _whose(actor, person), now)
    if sent is None or not secrets.compare_digest(plain_code(code).encode("utf-8", "replace"), sent.encode()):
        raise WrongAddressCode(field="code")
    record(session, at=now, actor=actor, event="second_factor.address_shown", subject=person)
    return seal(f"{_whose(actor, person)} {now.isoformat()} shown", purpose=PROOF_SEAL)


def has_proved_address(*, person: Person, proof: str, actor: Actor, now: datetime) -> bool:
    """Whether the first factor may be set up in this session now."""
    return is_fresh(actor.strong_at, now) or _opened(proof, PROOF_SEAL, _whose(actor, person), now) is not None


def _whose(actor: Actor, person: Person) -> str:
    """The session and the address of this moment: another of either needs another code."""
    return f"{actor.session_id} {email_hash(person.email)}"


def _opened(sealed: str, purpose: str, whose: str, now: datetime) -> str | None:
    """The last word of what was sealed for this session and address within a quarter of an hour."""
    try:
        held = unseal(sealed, purpose=purpose)
    except SealBroken:
        return None
    mine, at, word = held.rsplit(" ", 2)
    return word if mine == whose and timedelta(0) <= now - datetime.fromisoformat(at) <= LASTS else None
