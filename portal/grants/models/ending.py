"""How a grant ends before its time: proceedings with the recipient's reply, and the act that closes them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.documents.models import StoredFile
from portal.grants.changes.rules import OPEN_PROCEEDINGS, EndKind, Ground, ProceedingStatus
from portal.grants.models.grant import Grant

LIVE = text("status IN ('opened', 'replied')")


class Proceeding(Stateful, Base):
    """What the office tells the recipient it is about to do (L. 241/1990), or a renunciation that the recipient makes.

    `reply_by`: until when the recipient is waited for; none for a renunciation. `cents`: how much of the grant a
    partial revocation takes.
    """

    __tablename__ = "grant_proceeding"
    __table_args__ = (
        Index("uq_grant_proceeding_live", "grant_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_grant_proceeding_grant_id", "grant_id"),
        Index("ix_grant_proceeding_authority_id_status", "authority_id", "status"),
        CheckConstraint("(kind = 'renunciation') = (reply_by IS NULL)", name="reply_to_a_notice"),
        CheckConstraint("(kind = 'partial_revocation') = (cents IS NOT NULL)", name="a_part_has_an_amount"),
        CheckConstraint("(replied_at IS NULL) = (reply IS NULL)", name="replied_in_words"),
        holding(lazy_("Proceedings that end grants")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    kind: Mapped[EndKind] = mapped_column(value_enum(EndKind))
    ground: Mapped[Ground] = mapped_column(value_enum(Ground))
    reason: Mapped[str] = mapped_column(
        Text, info=personal("grant", subject="opened_by", erasure=kept(Because.PROCEDURE))
    )
    cents: Mapped[int | None] = mapped_column(Cents)
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    reply_by: Mapped[date | None]
    replied_by: Mapped[UUID | None]
    replied_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", lazy_("reply"), subject="replied_by", erasure=kept(Because.PROCEDURE))
    )
    reply_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    status: Mapped[ProceedingStatus] = mapped_column(value_enum(ProceedingStatus), default=ProceedingStatus.OPENED)
    status_at: Mapped[datetime]
    dropped_by: Mapped[UUID | None]
    drop_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("grant", lazy_("why it was closed"), subject="dropped_by", erasure=kept(Because.PROCEDURE))
    )

    grant: Mapped[Grant] = relationship()
    reply_file: Mapped[StoredFile | None] = relationship()

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def is_open(self) -> bool:
        """Whether no act has closed it."""
        return self.status in OPEN_PROCEEDINGS

    def is_ripe_on(self, today: date) -> bool:
        """Whether the act may be taken: the recipient replied or renounced, or the term to reply has passed."""
        return self.reply_by is None or self.status is ProceedingStatus.REPLIED or self.reply_by < today


class EndAct(Base):
    """The act: number, day, reason, and what it does with the money. Append-only."""

    __tablename__ = "grant_end"
    __table_args__ = (
        Index("ix_grant_end_grant_id", "grant_id"),
        CheckConstraint("freed_cents >= 0 AND to_return_cents >= 0", name="amounts_not_negative"),
        CheckConstraint("to_return_cents <= paid_cents", name="returned_of_what_was_paid"),
        holding(lazy_("Acts that end grants")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    proceeding_id: Mapped[UUID] = mapped_column(ForeignKey("grant_proceeding.id"), unique=True)
    kind: Mapped[EndKind] = mapped_column(value_enum(EndKind))
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("grant", subject="acted_by", erasure=kept(Because.PROCEDURE))
    )
    freed_cents: Mapped[int] = mapped_column(Cents)
    paid_cents: Mapped[int] = mapped_column(Cents)
    to_return_cents: Mapped[int] = mapped_column(Cents)
    acted_by: Mapped[UUID | None]
    acted_at: Mapped[datetime]

    grant: Mapped[Grant] = relationship()

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard
