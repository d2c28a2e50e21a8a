"""People, their sessions, failed sign-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import ERASED, address_hash, holding, impersonal, personal, replaced
from portal.core.privacy.purposes import FAILURES_KEPT, SIGN_INS_KEPT


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"
    __table_args__ = holding(lazy_("Your account"))

    email: Mapped[str] = mapped_column(
        String(320), unique=True, info=personal("sign-in", subject="id", erasure=replaced("erased-{id}@erased.invalid"))
    )
    name: Mapped[str] = mapped_column(String(200), info=personal("sign-in", subject="id", erasure=replaced(ERASED)))
    password_hash: Mapped[str] = mapped_column(
        String(200), info=personal("sign-in", subject="id", export="never", erasure=replaced("!"))
    )
    """argon2; "!" for somebody who signs in by an identity provider alone."""
    locale: Mapped[str] = mapped_column(
        String(2), default="it", info=personal("sign-in", subject="id", erasure=replaced("it"))
    )
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """Closed by the person; their values are erased once nothing holds them any more."""
    erased_at: Mapped[datetime | None]


class WebSession(Base):
    """A sign-in: signing out, disabling the person or an expiry ends it at the next request.

    `strong_at` is when a second factor was last given in it; `challenge` is what a passkey must sign now. Giving a
    second factor changes the token; the former one opens what it opened before, no more, until `former_until`: for
    what the browser had under way.
    """

    __tablename__ = "web_session"
    __table_args__ = (
        Index("ix_web_session_person_id", "person_id"),
        holding(lazy_("Sign-ins"), kept=SIGN_INS_KEPT, since="absolute_end"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="", info=personal("security"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_end: Mapped[datetime]
    absolute_end: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    strong_at: Mapped[datetime | None]
    challenge: Mapped[str | None] = mapped_column(String(128))
    former_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=impersonal)
    former_strong_at: Mapped[datetime | None]
    former_until: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed sign-in; the address is kept only as a hash, whether or not an account has it."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_email_hash_at", "email_hash", "at"),
        holding(lazy_("Failed sign-ins"), kept=FAILURES_KEPT, since="at"),
    )

    email_hash: Mapped[str] = mapped_column(
        String(64), info=personal("security", subject=address_hash("email_hash"), retention="30d", export="never")
    )
    at: Mapped[datetime]
