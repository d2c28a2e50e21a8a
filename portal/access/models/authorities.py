"""Authorities, how they look, and who vouches for people's identity there."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.access.rules.authorities import AuthorityShown
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal


class Authority(Base):
    """A metropolitan city (or its municipality) that runs calls on this instance."""

    __tablename__ = "authority"
    __table_args__ = (
        CheckConstraint("colour LIKE '#______'", name="colour_written"),
        CheckConstraint("payment_exporter IN ('sepa', 'list')", name="payment_exporter_known"),
        CheckConstraint("twin_of_id <> id", name="twin_of_another"),
        holding(lazy_("Authorities")),
    )

    code: Mapped[str] = mapped_column(String(32), unique=True, info=impersonal)
    name: Mapped[str] = mapped_column(String(200), info=impersonal)
    istat_code: Mapped[str | None] = mapped_column(String(6))
    fiscal_code: Mapped[str | None] = mapped_column(String(11), info=impersonal)
    office: Mapped[str | None] = mapped_column(String(300), info=impersonal)
    email: Mapped[str | None] = mapped_column(String(320), info=impersonal)
    pec: Mapped[str | None] = mapped_column(String(320), info=impersonal)
    rup: Mapped[str | None] = mapped_column(String(200), info=personal("transparency"))
    iban: Mapped[str | None] = mapped_column(String(34), info=impersonal)
    bic: Mapped[str | None] = mapped_column(String(11), info=impersonal)
    register_code: Mapped[str | None] = mapped_column(String(32))
    """The code of its protocol register (AOO), part of the segnatura."""
    payment_exporter: Mapped[str] = mapped_column(String(32), default="sepa", server_default="sepa", info=impersonal)
    colour: Mapped[str | None] = mapped_column(String(7), info=impersonal)
    logo_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    privacy_notice: Mapped[dict[str, Any] | None] = mapped_column(info=impersonal)
    """Its own privacy notice in both languages: {"it": …, "en": …}."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    twin_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"), unique=True)
    """Of a twin: the authority whose calls are rehearsed there. A twin has its own register and ledger."""

    @property
    def is_twin(self) -> bool:
        """Whether everything of it is a rehearsal: shown as such, and part of no live figure."""
        return self.twin_of_id is not None

    @property
    def is_settled(self) -> bool:
        """Whether its administrators have written settings of their own."""
        return self.version > 1

    @property
    def shown(self) -> AuthorityShown:
        """What the frame of a page shows of it."""
        return AuthorityShown(self.code, self.name, self.colour, self.logo_file_id, self.version, self.is_twin)

    @property
    def guard(self) -> Guard:
        """Staff of the authority itself."""
        return Guard(authority_id=self.id)


class IdentityProvider(Base):
    """Where people of an authority may sign in with SPID or CIE: an OpenID Connect provider or proxy.

    Whoever runs one can sign in as anybody: another administrator than who wrote it enables it, and any change
    disables it again.
    """

    __tablename__ = "identity_provider"
    __table_args__ = (
        UniqueConstraint("authority_id", "key"),
        CheckConstraint("issuer LIKE 'https://%' OR issuer LIKE 'http://localhost:%'", name="issuer_over_tls"),
        CheckConstraint("enabled_by <> edited_by", name="two_people"),
        CheckConstraint("is_enabled OR enabled_by IS NULL", name="enabled_by_somebody"),
        holding(lazy_("Identity providers")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    key: Mapped[str] = mapped_column(String(32))
    """What stands in the address: spid, cie, …"""
    name: Mapped[str] = mapped_column(String(100), info=impersonal)
    issuer: Mapped[str] = mapped_column(String(300), info=impersonal)
    client_id: Mapped[str] = mapped_column(String(200), info=impersonal)
    sealed_secret: Mapped[str] = mapped_column(String(500), info=impersonal)
    acr_values: Mapped[str] = mapped_column(String(300), default="", info=impersonal)
    strong_acr: Mapped[str] = mapped_column(String(300), default="", info=impersonal)
    """Levels that count as a second factor, blank-separated."""
    fiscal_claim: Mapped[str] = mapped_column(String(100), default="fiscal_number", info=impersonal)
    is_enabled: Mapped[bool] = mapped_column(default=False)
    edited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it as it stands; None: a command on the server, as in `enabled_by`."""
    enabled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    authority: Mapped[Authority] = relationship()

    @property
    def guard(self) -> Guard:
        """Staff of its authority; a secret to all others."""
        return Guard(authority_id=self.authority_id, is_secret=True)
