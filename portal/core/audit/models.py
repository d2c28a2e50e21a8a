"""Audit tables: append-only events, and the last sequence and hash of each object."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.privacy import personal


class AuditEvent(Base):
    """One change: who, in which role, what, when; the values stand beside the hash that commits to them.

    `actor_name` may be erased, and so may `before`, `after` and `reason` together: the chain holds over the salted
    `actor_hash` and `values_hash`, which stay.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "sequence"),
        Index("ix_audit_event_at", "at"),
    )

    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None] = mapped_column(String(200), info=personal("audit"))
    actor_roles: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None] = mapped_column(info=personal("audit"))
    after: Mapped[dict[str, Any] | None] = mapped_column(info=personal("audit"))
    reason: Mapped[str | None] = mapped_column(Text, info=personal("audit"))
    request_id: Mapped[str] = mapped_column(String(32))
    salt: Mapped[str] = mapped_column(String(32))
    actor_hash: Mapped[str] = mapped_column(String(64), server_default="")
    values_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last event of one object; locked while the next one is written."""

    __tablename__ = "audit_head"
    __table_args__ = (UniqueConstraint("subject_type", "subject_id"),)

    subject_type: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID]
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
