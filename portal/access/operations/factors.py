"""Setting up second factors, and removing them. Staff always keep one."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.access.models import Passkey, Person, RecoveryCode, Totp
from portal.access.operations.first_factor import AddressUnproven, has_proved_address
from portal.access.operations.second_factor import (
    APP_SEAL,
    WrongCode,
    WrongPasskey,
    confirm_session,
    matching_step,
)
from portal.access.operations.telling import tell_of_factor
from portal.access.policy import is_fresh
from portal.access.queries.second_factor import Factors, app_of, factors_of
from portal.access.rules.passkeys import RelyingParty, made_passkey
from portal.access.rules.second_factor import (
    MOST_PASSKEYS,
    RECOVERY_CHARACTERS,
    RECOVERY_CODES,
    SETTING_UP_LASTS,
    FactorChange,
    Proof,
    must_have_factor,
    recovery_hash,
)
from portal.core.actor import Actor
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.secrets import SealBroken, seal, unseal
from portal.core.text import clean_line

OFFER_SEAL = "offer of an app"


class LastFactor(Conflict):
    """Staff never stay without a second factor."""

    default = lazy_("Your role needs a second factor: set up another one before removing this one.")


class TooManyPasskeys(Invalid):
    """Enough for every device of a person."""

    default = lazy_("You have as many passkeys as the portal keeps. Remove one that you no longer use.")


class OfferTooOld(Invalid):
    """The page of the setting up was open for too long, or belongs to somebody else."""

    default = lazy_("This page was open for too long: the key below is a new one. Scan it again.")


@dataclass(frozen=True, slots=True)
class SetUp:
    """What setting up a factor leaves: the session's new token, and recovery codes when they were made."""

    token: str
    codes: list[str]


def offer_app(*, person_id: UUID) -> tuple[str, str]:
    """A fresh key for an app, plain and sealed for this person: nothing is kept until its first code is right."""
    key = base64.b32encode(secrets.token_bytes(20)).decode()
    return key, seal(f"{person_id}:{key}", purpose=OFFER_SEAL)


def offered_key(*, sealed: str, person_id: UUID) -> str:
    """The key in an offer to this person. Raises OfferTooOld."""
    try:
        whose, _, key = unseal(sealed, purpose=OFFER_SEAL, lasts=int(SETTING_UP_LASTS.total_seconds())).partition(":")
    except SealBroken as error:
        raise OfferTooOld from error
    if whose != str(person_id):
        raise OfferTooOld
    return key


def add_app(session: Session, *, sealed: str, code: str, actor: Actor, now: datetime, address_proof: str = "") -> SetUp:
    """Keep the app whose first code this is, in place of the one before.

    Raises OfferTooOld, WrongCode, Forbidden, AddressUnproven for a first factor.
    """
    person, factors = _own_to_add(session, address_proof, actor, now)
    key = offered_key(sealed=sealed, person_id=person.id)
    new = Totp(person_id=person.id, sealed_secret=seal(key, purpose=APP_SEAL), made_at=now, last_step=0)
    step = matching_step(app=new, code=code, now=now)
    if step is None:
        raise WrongCode(field="code")
    app = app_of(session, person.id) or new
    app.sealed_secret, app.made_at, app.confirmed_at, app.last_step = new.sealed_secret, now, now, step
    session.add(app)
    return _added(session, factors, FactorChange.APP_ADDED, Proof.APP, actor, now)


def add_passkey(
    session: Session, *, name: str, answer: str, challenge: bytes | None, party: RelyingParty, actor: Actor,
    now: datetime, address_proof: str = "",
) -> SetUp:  # fmt: skip
    """Keep the passkey that a browser made. Raises WrongPasskey, TooManyPasskeys, Forbidden, AddressUnproven."""
    person, factors = _own_to_add(session, address_proof, actor, now)
    if len(factors.passkeys) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    made = made_passkey(answer, challenge=challenge, party=party)
    if made is None:
        raise WrongPasskey
    row = Passkey(
        person_id=person.id, credential_id=made.credential_id, public_key=made.public_key, sign_count=made.sign_count,
        name=clean_line(name)[:100] or "Passkey", made_at=now,
    )  # fmt: skip
    session.add(row)
    return _added(session, factors, FactorChange.PASSKEY_ADDED, Proof.PASSKEY, actor, now, named=row.name)


def remove_app(session: Session, *, actor: Actor, now: datetime) -> None:
    """Forget the app. Raises LastFactor for staff, Conflict, Forbidden."""
    _, factors = _own(session, actor, now)
    if factors.app is None:
        raise Conflict
    _must_leave_one(factors, actor)
    session.delete(factors.app)
    _removed(session, factors, FactorChange.APP_REMOVED, actor, now)


def remove_passkey(session: Session, *, passkey_id: UUID, actor: Actor, now: datetime) -> None:
    """Forget a passkey. Raises LastFactor for staff, NotFound, Forbidden."""
    _, factors = _own(session, actor, now)
    row = next((each for each in factors.passkeys if each.id == passkey_id), None)
    if row is None:
        raise NotFound
    _must_leave_one(factors, actor)
    session.delete(row)
    _removed(session, factors, FactorChange.PASSKEY_REMOVED, actor, now, named=row.name)


def replace_codes(session: Session, *, actor: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; those before work no more. Raises Conflict without a factor, Forbidden."""
    _, factors = _own(session, actor, now)
    if factors.is_empty:
        raise Conflict
    codes = _new_codes(session, actor, now)
    tell_of_factor(session, change=FactorChange.CODES_REPLACED, actor=actor, now=now)
    return codes


def _own(session: Session, actor: Actor, now: datetime) -> tuple[Person, Factors]:
    """The person, locked, with their factors. Whoever has one must have given it just now."""
    if actor.person_id is None:
        raise Forbidden
    person = session.get_one(Person, actor.person_id, with_for_update=True)
    factors = factors_of(session, person.id)
    if not factors.is_empty and not is_fresh(actor.strong_at, now):
        raise Forbidden
    return person, factors


def _own_to_add(session: Session, address_proof: str, actor: Actor, now: datetime) -> tuple[Person, Factors]:
    """The same; a first factor is for whoever has shown that they read the messages of the account's address."""
    person, factors = _own(session, actor, now)
    if factors.is_empty and not has_proved_address(person=person, proof=address_proof, actor=actor, now=now):
        raise AddressUnproven
    return person, factors


def _added(
    session: Session, before: Factors, change: FactorChange, proof: Proof, actor: Actor, now: datetime, named: str = ""
) -> SetUp:
    session.flush()
    codes = _new_codes(session, actor, now) if before.is_empty else []
    token = confirm_session(session, proof=proof, actor=actor, now=now)
    tell_of_factor(session, change=change, actor=actor, now=now, named=named)
    return SetUp(token, codes)


def _removed(
    session: Session, before: Factors, change: FactorChange, actor: Actor, now: datetime, named: str = ""
) -> None:
    session.flush()
    if before.number == 1:
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.person_id))
    tell_of_factor(session, change=change, actor=actor, now=now, named=named)


def _must_leave_one(factors: Factors, actor: Actor) -> None:
    if factors.number == 1 and must_have_factor(actor.role_names):
        raise LastFactor


def _new_codes(session: Session, actor: Actor, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.person_id))
    codes = [_random_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=actor.person_id, code_hash=recovery_hash(code), made_at=now) for code in codes
    )
    session.flush()
    return codes


def _random_code() -> str:
    return base64.b32encode(secrets.token_bytes(RECOVERY_CHARACTERS * 5 // 8)).decode()
