"""Counters locked while they move, and the entries of the register, which never change."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.register.rules import Direction, number_label, protocol_mark

ROME = ZoneInfo("Europe/Rome")


class Counter(Base):
    """The last number given in a series (`protocol` of an authority, or `reference` of the instance) and year."""

    __tablename__ = "counter"
    __table_args__ = (
        UniqueConstraint("series", "year"),
        CheckConstraint("last >= 0", name="last_not_negative"),
    )

    series: Mapped[str] = mapped_column(String(64))
    year: Mapped[int]
    last: Mapped[int]


class ProtocolEntry(Base):
    """One registered document: number, instant, counterpart, subject, hash. Append-only."""

    __tablename__ = "protocol_entry"
    __table_args__ = (
        UniqueConstraint("authority_id", "year", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        holding(lazy_("Protocol register")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    year: Mapped[int]
    number: Mapped[int]
    direction: Mapped[Direction] = mapped_column(value_enum(Direction))
    registered_at: Mapped[datetime]
    counterpart: Mapped[str] = mapped_column(String(300), info=personal("register"))
    subject: Mapped[str] = mapped_column(String(500), info=personal("register"))
    sha256: Mapped[str] = mapped_column(String(64))

    annulment: Mapped["ProtocolAnnulment | None"] = relationship(back_populates="entry")

    @property
    def label(self) -> str:
        """The number as people write it."""
        return number_label(self.number, self.year)

    def mark_of(self, code: str | None) -> str | None:
        """The protocol mark at the authority whose register has this code; None where it has none."""
        return protocol_mark(code, self.number, self.registered_at.astimezone(ROME).date()) if code else None


class ProtocolAnnulment(Base):
    """An entry that no longer stands, by an act: its row, its number and its place stay (DPR 445/2000 art. 54)."""

    __tablename__ = "protocol_annulment"
    __table_args__ = (UniqueConstraint("entry_id"), holding(lazy_("Entries of the register annulled")))

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"))
    at: Mapped[datetime]
    annulled_by: Mapped[UUID | None]
    act_number: Mapped[str] = mapped_column(String(80), info=impersonal)
    act_date: Mapped[date]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("register", lazy_("reason"), subject="annulled_by", erasure=kept(Because.REGISTERED))
    )

    entry: Mapped[ProtocolEntry] = relationship(back_populates="annulment")
