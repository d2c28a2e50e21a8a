"""What belongs to an account: links sent by mail, second factors, identities of others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.rules import LinkPurpose
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import address, address_hash, holding, impersonal, personal
from portal.core.privacy.purposes import LINKS_KEPT


class LinkRequest(Base):
    """Somebody asked for a link. A job answers by mail, so that the page takes as long whoever has an account.

    The address is kept until then; after that its hash alone, to count how often it was asked.
    """

    __tablename__ = "link_request"
    __table_args__ = (
        Index("ix_link_request_email_hash_asked_at", "email_hash", "asked_at"),
        CheckConstraint("(answered_at IS NULL) = (email IS NOT NULL)", name="forgotten_once_answered"),
        CheckConstraint("(purpose = 'change_email') = (person_id IS NOT NULL)", name="of_somebody"),
        holding(lazy_("Links asked for"), kept=LINKS_KEPT, since="asked_at"),
    )

    purpose: Mapped[LinkPurpose] = mapped_column(value_enum(LinkPurpose))
    email: Mapped[str | None] = mapped_column(
        String(320), info=personal("sign-in", subject=address("email"), retention="30d")
    )
    email_hash: Mapped[str] = mapped_column(
        String(64), info=personal("security", subject=address_hash("email_hash"), retention="30d", export="never")
    )
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    locale: Mapped[str] = mapped_column(String(2), info=impersonal)
    wanted: Mapped[str | None] = mapped_column(
        String(500), info=personal("sign-in", subject=address("email"), retention="30d", export="never")
    )
    """The page that was asked before an account was needed."""
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class AccountLink(Base):
    """A link sent by mail: opens once, by a button, before it expires. Only the hash of its token is kept."""

    __tablename__ = "account_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('register', 'identity') OR person_id IS NOT NULL", name="of_somebody"),
        holding(lazy_("Links sent by e-mail"), kept=LINKS_KEPT, since="expires_at"),
    )

    purpose: Mapped[LinkPurpose] = mapped_column(value_enum(LinkPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(
        String(320), index=True, info=personal("sign-in", subject=address("email"), retention="30d")
    )
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Totp(Base):
    """An app that shows six digits: its secret, sealed, and the last step used (no code counts twice)."""

    __tablename__ = "totp"
    __table_args__ = holding(lazy_("Authenticator app"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(String(300), info=personal("security", export="never"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class Passkey(Base):
    """A passkey of a person (WebAuthn)."""

    __tablename__ = "passkey"
    __table_args__ = holding(lazy_("Passkeys"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True, info=personal("security", export="never"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=personal("security", export="never"))
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(100), info=personal("security"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code for whoever lost the second factor: works once; only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        UniqueConstraint("person_id", "code_hash"),
        holding(lazy_("Recovery codes")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(200), info=personal("security", export="never"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ExternalIdentity(Base):
    """Who somebody is for an identity provider (SPID, CIE): one fiscal number, one account."""

    __tablename__ = "external_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        holding(lazy_("SPID and CIE identities")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300), info=impersonal)
    subject: Mapped[str] = mapped_column(String(300), info=personal("sign-in"))
    fiscal_number: Mapped[str | None] = mapped_column(String(16), unique=True, info=personal("sign-in"))
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime]
