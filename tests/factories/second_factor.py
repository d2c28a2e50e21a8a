"""Second factors of people: an app whose key tests know, recovery codes, the code of any instant."""

import re
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Passkey, Person, RecoveryCode, Totp, WebSession
from portal.access.operations.second_factor import APP_SEAL
from portal.access.operations.signing_in import sign_in
from portal.access.rules.second_factor import STEP_SECONDS, recovery_hash, step_of
from portal.core.mail import OutgoingMail
from portal.core.secrets import seal

EIGHT_DIGITS = re.compile(r"\b[0-9]{8}\b")
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY = "ABCD EFGH IJKL MNOP"


def give_app(session: Session, person: Person, *, now: datetime, key: str = KEY, recovery: str = RECOVERY) -> Person:
    """Set up an app with a known key, and one recovery code; `app_code` tells its codes."""
    sealed = seal(key, purpose=APP_SEAL)
    session.add(Totp(person_id=person.id, sealed_secret=sealed, made_at=now, confirmed_at=now, last_step=0))
    session.add(RecoveryCode(person_id=person.id, code_hash=recovery_hash(recovery), made_at=now))
    session.flush()
    return person


def app_code(now: datetime, *, step: int = 0, key: str = KEY) -> str:
    """The code that the app shows at an instant, or so many steps of thirty seconds later."""
    return pyotp.TOTP(key).at((step_of(now) + step) * STEP_SECONDS)


def address_code(session: Session) -> str:
    """The code of eight digits in the last message that has one: it opens the setting up of a first factor."""
    bodies = session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.written_at.desc(), OutgoingMail.id.desc()))
    return next(found[0] for body in bodies if (found := EIGHT_DIGITS.findall(body)))


def give_passkey(session: Session, person: Person, *, now: datetime, name: str = "portatile") -> Passkey:
    """A passkey that no device holds: for pages that list or remove it."""
    key = Passkey(person_id=person.id, credential_id=f"{name}-{person.id}", public_key=b"x", name=name, made_at=now)
    session.add(key)
    session.flush()
    return key


def name_factor_objects(session: Session, person: Person, *, now: datetime) -> dict[str, Any]:
    """What the addresses of one's own second factors and sign-ins name: a person's own, and nobody else's."""
    key = give_passkey(session, person, now=now)
    sign_in(session, person=person, user_agent="", now=now, strong=True)
    row = session.scalars(select(WebSession).where(WebSession.person_id == person.id)).one()
    return {"passkey_id": key.id, "sign_in_id": row.id}
