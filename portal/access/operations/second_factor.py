"""Giving a second factor: a code of an app, a passkey, a recovery code. On success the session's token changes."""

import re
import secrets
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import pyotp
from sqlalchemy import Update, delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from portal.access.models import Passkey, RecoveryCode, SignInFailure, Totp, WebSession
from portal.access.operations.telling import tell_of_factor
from portal.access.queries import email_hash, recent_failures, token_hash
from portal.access.queries.second_factor import app_of, codes_left, passkey_of
from portal.access.rules import MOST_FAILURES
from portal.access.rules.passkeys import RelyingParty, credential_id_of, kept_challenge, signed_count, usable_challenge
from portal.access.rules.second_factor import (
    MOST_CODES_OF_A_PERSON,
    STEP_SECONDS,
    FactorChange,
    Proof,
    plain_code,
    recovery_hash,
    usable_steps,
)
from portal.access.rules.sessions import FORMER_TOKEN_FOR
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Forbidden, Invalid, TooMany
from portal.core.i18n import lazy_
from portal.core.secrets import SealBroken, unseal

SIX_DIGITS = re.compile(r"[0-9]{6}")
APP_SEAL = "app of a second factor"


class WrongCode(Invalid):
    """Not the code of now, or one that was used."""

    default = lazy_("This code is not right, or was used already. Wait for the next one and write it again.")


class WrongRecoveryCode(Invalid):
    """Not a recovery code of this person, or one that was used."""

    default = lazy_("This recovery code is not right, or was used already. Each one works once.")


class WrongPasskey(Invalid):
    """A passkey of somebody else, or an answer to another question."""

    default = lazy_("The passkey did not answer as it should. Try again, or use another second factor.")


class TooManyCodes(TooMany):
    """Too many wrong codes in this sign-in, or of this person."""

    default = lazy_(
        "Too many wrong codes. A passkey, or one of the recovery codes, opens all the same; otherwise wait 15 minutes."
        " If it was not you who tried, choose a new password with “Forgotten password”: every sign-in ends."
    )


class TooManyRecoveryCodes(TooMany):
    """Too many wrong recovery codes in this sign-in."""

    default = lazy_("Too many wrong recovery codes. Use a passkey or the app, or wait 15 minutes and try again.")


def count_code(session: Session, *, actor: Actor, now: datetime) -> None:
    """Count one more attempt with a code of the app. Raises TooManyCodes.

    Five in a sign-in, and twenty of a person, in fifteen minutes: whoever has the password alone shuts their own
    sign-in, and the owner's only after opening several. Counted before the code is looked at, so that attempts sent
    at once count as well; a right one forgets them.
    """
    limits = {_in_session(actor): MOST_FAILURES, _key(actor): MOST_CODES_OF_A_PERSON}
    if any(recent_failures(session, key, now) >= most for key, most in limits.items()):
        raise TooManyCodes
    session.add_all(SignInFailure(email_hash=email_hash(key), at=now) for key in limits)


def count_recovery_code(session: Session, *, actor: Actor, now: datetime) -> None:
    """Count one more attempt with a recovery code. Raises TooManyRecoveryCodes after five in one sign-in.

    Eighty random bits are not found by trying: no other sign-in of the person is shut.
    """
    key = f"recovery:{_in_session(actor)}"
    if recent_failures(session, key, now) >= MOST_FAILURES:
        raise TooManyRecoveryCodes(field="proof_recovery")
    session.add(SignInFailure(email_hash=email_hash(key), at=now))


def give_code(session: Session, *, code: str, actor: Actor, now: datetime) -> str:
    """Take a code of the person's app; return the session's new token. Raises WrongCode."""
    app = app_of(session, _person_id(actor))
    step = None if app is None else matching_step(app=app, code=code, now=now)
    if app is None or step is None or not _used_now(session, app, step):
        raise WrongCode(field="proof_code")
    return confirm_session(session, proof=Proof.APP, actor=actor, now=now)


def give_recovery_code(session: Session, *, code: str, actor: Actor, now: datetime) -> str:
    """Use up a recovery code, and tell its owner; return the session's new token. Raises WrongRecoveryCode."""
    person_id = _person_id(actor)
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.code_hash == recovery_hash(code))
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    if not _changed(session, used):
        raise WrongRecoveryCode(field="proof_recovery")
    token = confirm_session(session, proof=Proof.RECOVERY_CODE, actor=actor, now=now)
    left = codes_left(session, person_id)
    tell_of_factor(session, change=FactorChange.CODE_USED, actor=actor, now=now, codes_left=left)
    return token


def give_passkey(
    session: Session, *, answer: str, challenge: bytes | None, party: RelyingParty, actor: Actor, now: datetime
) -> str:
    """Take what a passkey signed; return the session's new token. Raises WrongPasskey."""
    key = passkey_of(session, _person_id(actor), credential_id=credential_id_of(answer))
    if key is None:
        raise WrongPasskey
    counted = signed_count(
        answer, challenge=challenge, party=party, public_key=key.public_key, sign_count=key.sign_count
    )
    if counted is None or not _counted_on(session, key, counted, now):
        raise WrongPasskey
    return confirm_session(session, proof=Proof.PASSKEY, actor=actor, now=now)


def new_challenge(session: Session, *, purpose: str, actor: Actor, now: datetime) -> bytes:
    """What a passkey must sign next in the actor's session; an earlier one is void."""
    challenge = secrets.token_bytes(32)
    _own_row(session, actor).challenge = kept_challenge(purpose, challenge, now)
    return challenge


def take_challenge(session: Session, *, purpose: str, actor: Actor, now: datetime) -> bytes | None:
    """What a passkey had to sign, once; None when nothing was asked, or too long ago."""
    row = _own_row(session, actor)
    kept, row.challenge = row.challenge, None
    return usable_challenge(kept, purpose, now)


def confirm_session(session: Session, *, proof: Proof, actor: Actor, now: datetime) -> str:
    """Note that a second factor was given in the actor's session, and change its token (session fixation)."""
    row = _own_row(session, actor)
    token = secrets.token_urlsafe(32)
    row.former_token_hash, row.former_strong_at = row.token_hash, row.strong_at
    row.former_until = now + FORMER_TOKEN_FOR
    row.token_hash, row.strong_at, row.challenge = token_hash(token), now, None
    keys = (_key(actor), _in_session(actor), f"recovery:{_in_session(actor)}")
    session.execute(delete(SignInFailure).where(SignInFailure.email_hash.in_([email_hash(key) for key in keys])))
    record(session, at=now, actor=actor, event="second_factor.given", subject=row, after={"proof": proof})
    return token


def matching_step(*, app: Totp, code: str, now: datetime) -> int | None:
    """The step whose code this is, unless it, or a later one, was used."""
    typed = plain_code(code)
    if not SIX_DIGITS.fullmatch(typed):
        return None
    try:
        totp = pyotp.TOTP(unseal(app.sealed_secret, purpose=APP_SEAL))
    except SealBroken:
        return None
    steps = usable_steps(now, app.last_step)
    return next((step for step in steps if secrets.compare_digest(typed, totp.at(step * STEP_SECONDS))), None)


def _used_now(session: Session, app: Totp, step: int) -> bool:
    """Burn a step; of two requests with one code the second finds it burnt."""
    return _changed(session, update(Totp).where(Totp.id == app.id, Totp.last_step < step).values(last_step=step))


def _counted_on(session: Session, key: Passkey, counted: int, now: datetime) -> bool:
    """Keep the count of signatures; of two requests with one answer the second finds it moved on."""
    seen = update(Passkey).where(Passkey.id == key.id, Passkey.sign_count == key.sign_count)
    return _changed(session, seen.values(sign_count=counted, used_at=now))


def _changed(session: Session, statement: Update) -> bool:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def _own_row(session: Session, actor: Actor) -> WebSession:
    row = session.get(WebSession, actor.session_id, with_for_update=True) if actor.session_id else None
    if row is None or row.ended_at is not None:
        raise Forbidden
    return row


def _key(actor: Actor) -> str:
    return f"second-factor:{actor.person_id}"


def _in_session(actor: Actor) -> str:
    return f"second-factor of sign-in:{actor.session_id}"


def _person_id(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id
