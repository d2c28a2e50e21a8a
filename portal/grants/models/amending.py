"""Requests to change a grant, and the files that go with them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.changes.rules import OPEN_AMENDMENTS, AmendmentKind, AmendmentStatus, Change, Side
from portal.grants.changes.rules.stored import change_from_json
from portal.grants.models.grant import Grant


class Amendment(Stateful, Base):
    """What one side asks to change, why, and the answer. A free one takes effect at once: nobody decides it."""

    __tablename__ = "grant_amendment"
    __table_args__ = (
        UniqueConstraint("grant_id", "number"),
        Index("ix_grant_amendment_authority_id_status", "authority_id", "status"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        CheckConstraint(
            "is_free OR status NOT IN ('granted', 'refused') OR decided_by IS NOT NULL", name="decided_by_somebody"
        ),
        CheckConstraint("status <> 'refused' OR words IS NOT NULL", name="refused_with_a_reason"),
        holding(lazy_("Requests to change grants")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    number: Mapped[int]
    kind: Mapped[AmendmentKind] = mapped_column(value_enum(AmendmentKind))
    side: Mapped[Side] = mapped_column(value_enum(Side))
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    wants: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    reason: Mapped[str] = mapped_column(
        Text, info=personal("grant", subject="asked_by", erasure=kept(Because.PROCEDURE))
    )
    is_free: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date]
    status: Mapped[AmendmentStatus] = mapped_column(value_enum(AmendmentStatus), default=AmendmentStatus.REQUESTED)
    status_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str | None] = mapped_column(
        Text,
        info=personal("grant", lazy_("answer"), subject="decided_by", erasure=kept(Because.PROCEDURE)),
    )

    grant: Mapped[Grant] = relationship()
    asker: Mapped[Person | None] = relationship(foreign_keys=[asked_by])
    decider: Mapped[Person | None] = relationship(foreign_keys=[decided_by])
    files: Mapped[list["AmendmentFile"]] = relationship(order_by="AmendmentFile.id")

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def change(self) -> Change:
        """What is asked."""
        return change_from_json(self.wants)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in OPEN_AMENDMENTS

    @property
    def awaits_decision(self) -> bool:
        """Whether the office has to answer."""
        return self.status is AmendmentStatus.REQUESTED

    @property
    def awaits_completion(self) -> bool:
        """Whether it came back to whoever asked."""
        return self.status is AmendmentStatus.RETURNED


class AmendmentFile(Base):
    """A file that goes with a request. Append-only."""

    __tablename__ = "grant_amendment_file"
    __table_args__ = (UniqueConstraint("amendment_id", "file_id"),)

    amendment_id: Mapped[UUID] = mapped_column(ForeignKey("grant_amendment.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)

    file: Mapped[StoredFile] = relationship()
