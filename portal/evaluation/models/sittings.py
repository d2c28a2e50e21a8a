"""Sessions of a commission: who was there, what was noted, the minutes and who signed them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal
from portal.documents.models import StoredFile
from portal.evaluation.models.commissions import Commission, CommissionMember
from portal.evaluation.sittings import EARLY, SittingStatus
from portal.register.models import ProtocolEntry

UNDER_WAY = text("status = 'opened'")


class Sitting(Stateful, Base):
    """A session of the commission (seduta): when and where it was convened, when it was opened and closed.

    `missing_reason` says why it was opened although not everybody who votes was there.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("commission_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(opened_at IS NOT NULL) = (status IN ('opened', 'closed'))", name="opened_with_instant"),
        CheckConstraint("(closed_at IS NOT NULL) = (status = 'closed')", name="closed_with_instant"),
        CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name="opened_before_closed"),
        Index("uq_sitting_under_way", "commission_id", unique=True, sqlite_where=UNDER_WAY,
              postgresql_where=UNDER_WAY),
        holding(lazy_("Sessions of commissions")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    commission_id: Mapped[UUID] = mapped_column(ForeignKey("commission.id"))
    number: Mapped[int]
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300), info=impersonal)
    is_public: Mapped[bool]
    agenda: Mapped[str] = mapped_column(Text, info=impersonal)
    convened_at: Mapped[datetime]
    convened_by: Mapped[UUID | None]
    status: Mapped[SittingStatus] = mapped_column(value_enum(SittingStatus), default=SittingStatus.CONVENED)
    status_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    missing_reason: Mapped[str | None] = mapped_column(Text, info=impersonal)

    commission: Mapped[Commission] = relationship()
    presences: Mapped[list["Presence"]] = relationship(order_by="Presence.at, Presence.id")
    remarks: Mapped[list["SittingRemark"]] = relationship(order_by="SittingRemark.at, SittingRemark.id")
    minutes: Mapped[list["Minutes"]] = relationship(order_by="Minutes.number", back_populates="sitting")

    def opens_by(self, now: datetime) -> bool:
        """Whether its hour has come, or almost."""
        return now >= self.starts_at - EARLY

    @property
    def is_upcoming(self) -> bool:
        """Whether it was not opened yet."""
        return self.status is SittingStatus.CONVENED

    @property
    def is_under_way(self) -> bool:
        """Whether the commission sits."""
        return self.status is SittingStatus.OPENED

    @property
    def is_closed(self) -> bool:
        """Whether it is over and has its minutes."""
        return self.status is SittingStatus.CLOSED

    @property
    def guard(self) -> Guard:
        """Who sits on the commission, by tie, and staff of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.commission_id,))


class Presence(Base):
    """Somebody of the commission who was there, from when. Append-only."""

    __tablename__ = "sitting_presence"
    __table_args__ = (UniqueConstraint("sitting_id", "member_id"), holding(lazy_("Presences at sessions")))

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("commission_member.id"), index=True)
    at: Mapped[datetime]

    member: Mapped[CommissionMember] = relationship()


class SittingRemark(Base):
    """What the secretary or the chair writes while the session is open; of one application, or of all. Append-only."""

    __tablename__ = "sitting_remark"
    __table_args__ = (
        Index("ix_sitting_remark_sitting_id", "sitting_id"),
        holding(lazy_("Remarks in minutes")),
    )

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"), index=True)
    text: Mapped[str] = mapped_column(
        Text, info=personal("selection", lazy_("note"), subject="written_by", mentions=True)
    )
    at: Mapped[datetime]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)


class Minutes(Base):
    """Minutes of a closed session (verbale), or a further one that corrects them: made once, registered. Append-only.

    `document` is what they say, in both languages; the file is the registered original, in Italian.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number"),
        CheckConstraint("(number = 1) = (corrects_id IS NULL)", name="further_ones_correct"),
        holding(lazy_("Minutes of commissions")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("minutes.id"), index=True)
    document: Mapped[dict[str, Any]] = mapped_column(info=personal("selection", lazy_("minutes"), subject=NOBODY))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]

    sitting: Mapped[Sitting] = relationship(back_populates="minutes")
    file: Mapped[StoredFile] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()
    signatures: Mapped[list["MinutesSignature"]] = relationship(order_by="MinutesSignature.id")

    @property
    def unsigned(self) -> int:
        """How many are still to sign."""
        return sum(each.waits for each in self.signatures)

    @property
    def refused(self) -> int:
        """How many refused to sign."""
        return sum(each.refused_at is not None for each in self.signatures)

    @property
    def guard(self) -> Guard:
        """As its session."""
        return self.sitting.guard


class MinutesSignature(Base):
    """Somebody is asked to sign minutes, or did, in a session of their own: once, and of this very file.

    Or they refused to, and said why: what they have to remark stays beside the minutes.
    """

    __tablename__ = "minutes_signature"
    __table_args__ = (
        UniqueConstraint("minutes_id", "person_id"),
        CheckConstraint("(signed_at IS NULL) = (sha256 IS NULL)", name="signed_with_digest"),
        CheckConstraint("(refused_at IS NULL) = (refused_reason IS NULL)", name="refused_with_a_reason"),
        CheckConstraint("refused_at IS NULL OR signed_at IS NULL", name="signed_or_refused"),
        holding(lazy_("Signatures of minutes")),
    )

    minutes_id: Mapped[UUID] = mapped_column(ForeignKey("minutes.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    refused_at: Mapped[datetime | None]
    refused_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("selection", lazy_("reason"), subject="person_id", mentions=True)
    )

    person: Mapped[Person] = relationship()

    @property
    def waits(self) -> bool:
        """Whether it was neither given nor refused."""
        return self.signed_at is None and self.refused_at is None
