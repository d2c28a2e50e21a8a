"""Audit tables: append-only events, the last sequence and hash of each object, daily anchors, verifications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal


class AuditEvent(Base):
    """One change: who, in which role, what, when; the values stand beside the hash that commits to them.

    `actor_name` may be emptied with `actor_salt`, and `before`, `after` and `reason` together with `salt`: the chain
    holds over `actor_hash` and `values_hash`, which stay, and which nobody can try guesses on without the salt.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "sequence"),
        Index("ix_audit_event_at", "at"),
        Index("ix_audit_event_authority_id_at", "authority_id", "at"),
        Index("ix_audit_event_actor_id_at", "actor_id", "at"),
        holding(lazy_("Audit trail")),
    )

    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    sequence: Mapped[int]
    at: Mapped[datetime]
    authority_id: Mapped[UUID | None]
    """The authority to which the object belongs, where it belongs to one."""
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None] = mapped_column(String(200), info=personal("audit"))
    actor_roles: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None] = mapped_column(info=personal("audit", subject=NOBODY))
    after: Mapped[dict[str, Any] | None] = mapped_column(info=personal("audit", subject=NOBODY))
    reason: Mapped[str | None] = mapped_column(Text, info=personal("audit", subject=NOBODY))
    request_id: Mapped[str] = mapped_column(String(32))
    salt: Mapped[str] = mapped_column(String(32))
    actor_salt: Mapped[str] = mapped_column(String(32), server_default="")
    actor_hash: Mapped[str] = mapped_column(String(64), server_default="")
    values_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last event of one object; locked while the next one is written. It only ever goes one step on."""

    __tablename__ = "audit_head"
    __table_args__ = (UniqueConstraint("subject_type", "subject_id"),)

    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditAnchor(Base):
    """All heads as they stood on one day: the SHA-256 of the file that lists them, which names the anchor before."""

    __tablename__ = "audit_anchor"
    __table_args__ = (CheckConstraint("number >= 1", name="counted_from_one"),)

    number: Mapped[int] = mapped_column(unique=True)
    day: Mapped[date] = mapped_column(unique=True)
    at: Mapped[datetime]
    heads: Mapped[int]
    events: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    previous_digest: Mapped[str] = mapped_column(String(64))

    @property
    def key(self) -> str:
        """Where its file is stored."""
        return f"audit/{self.day.isoformat()}.json"


class AuditVerification(Base):
    """What a verification of the whole trail found: how much was read, and the first fault, if any."""

    __tablename__ = "audit_verification"
    __table_args__ = (Index("ix_audit_verification_at", "at"),)

    at: Mapped[datetime]
    chains: Mapped[int]
    events: Mapped[int]
    anchors: Mapped[int]
    faults: Mapped[int]
    first_fault: Mapped[str | None] = mapped_column(Text, info=impersonal)
