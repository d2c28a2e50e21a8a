"""Seals: until when nobody of the office opens what lies under an object."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class Seal(Base):
    """What lies under an object is its team's alone up to and including an instant. Append-only: the latest one counts.

    Like ties, rows of this room that the room of the object writes: applications lie under their phase.
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("object_id", "until"), Index("ix_seal_until", "until"))

    object_id: Mapped[UUID] = mapped_column()
    until: Mapped[datetime]
    sealed_at: Mapped[datetime]
