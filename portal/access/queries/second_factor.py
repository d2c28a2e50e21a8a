"""Reading a person's second factors."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.access.models import Passkey, Person, RecoveryCode, Totp


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up, the oldest passkey first."""

    app: Totp | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to give but perhaps recovery codes."""
        return self.app is None and not self.passkeys

    @property
    def number(self) -> int:
        """How many there are, recovery codes apart."""
        return len(self.passkeys) + (self.app is not None)


def has_factor() -> ColumnElement[bool]:
    """A column beside `Person`: whether they set up a second factor."""
    app = select(Totp.id).where(Totp.person_id == Person.id, Totp.confirmed_at.is_not(None)).exists()
    return or_(app, select(Passkey.id).where(Passkey.person_id == Person.id).exists())


def factors_of(session: Session, person_id: UUID) -> Factors:
    """The second factors of a person."""
    passkeys = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.made_at, Passkey.id)
    return Factors(app_of(session, person_id), session.scalars(passkeys).all(), codes_left(session, person_id))


def app_of(session: Session, person_id: UUID) -> Totp | None:
    """The app that a person set up, if any."""
    query = select(Totp).where(Totp.person_id == person_id, Totp.confirmed_at.is_not(None))
    return session.scalars(query).one_or_none()


def passkey_of(session: Session, person_id: UUID, *, credential_id: str) -> Passkey | None:
    """A person's own passkey by the name that the browser gives it."""
    query = select(Passkey).where(Passkey.person_id == person_id, Passkey.credential_id == credential_id)
    return session.scalars(query).one_or_none()


def codes_left(session: Session, person_id: UUID) -> int:
    """How many recovery codes a person has not used."""
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return int(session.scalar(select(func.count(RecoveryCode.id)).where(*unused)) or 0)
