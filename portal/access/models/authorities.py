"""Authorities, how they look, and who vouches for people's identity there."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.policy import Guard
from portal.core.db import Base
from portal.core.privacy import personal


class Authority(Base):
    """A metropolitan city (or its municipality) that runs calls on this instance."""

    __tablename__ = "authority"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    istat_code: Mapped[str | None] = mapped_column(String(6))
    fiscal_code: Mapped[str | None] = mapped_column(String(11))
    office: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(320))
    pec: Mapped[str | None] = mapped_column(String(320))
    rup: Mapped[str | None] = mapped_column(String(200), info=personal("transparency"))
    iban: Mapped[str | None] = mapped_column(String(34))
    bic: Mapped[str | None] = mapped_column(String(11))
    register_code: Mapped[str | None] = mapped_column(String(32))
    """The code of its protocol register (AOO), part of the segnatura."""
    payment_exporter: Mapped[str] = mapped_column(String(32), default="sepa", server_default="sepa")
    colour: Mapped[str | None] = mapped_column(String(7))
    logo_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    privacy_notice: Mapped[dict[str, Any] | None]
    """Its own privacy notice in both languages: {"it": …, "en": …}."""

    @property
    def guard(self) -> Guard:
        """Staff of the authority itself."""
        return Guard(authority_id=self.id)


class IdentityProvider(Base):
    """Where people of an authority may sign in with SPID or CIE: an OpenID Connect provider or proxy."""

    __tablename__ = "identity_provider"
    __table_args__ = (
        UniqueConstraint("authority_id", "key"),
        CheckConstraint("issuer LIKE 'https://%' OR issuer LIKE 'http://localhost%'", name="issuer_over_tls"),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    key: Mapped[str] = mapped_column(String(32))
    """What stands in the address: spid, cie, …"""
    name: Mapped[str] = mapped_column(String(100))
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(200))
    sealed_secret: Mapped[str] = mapped_column(String(500))
    acr_values: Mapped[str] = mapped_column(String(300), default="")
    strong_acr: Mapped[str] = mapped_column(String(300), default="")
    """Levels that count as a second factor, blank-separated."""
    fiscal_claim: Mapped[str] = mapped_column(String(100), default="fiscal_number")
    is_enabled: Mapped[bool] = mapped_column(default=False)
