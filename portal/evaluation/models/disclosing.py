"""Access to the documents of an evaluation: who asked for what, who was told, what was decided and released."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.documents.models import StoredFile
from portal.evaluation.afterwards import DisclosureStatus
from portal.register.models import ProtocolEntry


class DisclosureRequest(Stateful, Base):
    """An applicant asks for documents of the evaluation, and says why; what was asked never changes."""

    __tablename__ = "disclosure_request"
    __table_args__ = (
        CheckConstraint("(status = 'received') = (decided_at IS NULL)", name="decided_whole"),
        holding(lazy_("Requests for access to documents")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    wants: Mapped[str] = mapped_column(
        Text, info=personal("application", subject="asked_by", export="subject", erasure=kept(Because.REGISTERED))
    )
    interest: Mapped[str] = mapped_column(
        Text, info=personal("application", subject="asked_by", export="subject", erasure=kept(Because.REGISTERED))
    )
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    due_on: Mapped[date]
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    status: Mapped[DisclosureStatus] = mapped_column(value_enum(DisclosureStatus), default=DisclosureStatus.RECEIVED)
    status_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(
        Text, info=personal("selection", subject="decided_by", erasure=kept(Because.PROCEDURE))
    )
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("protocol_entry.id"), index=True)
    bundle_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)

    phase: Mapped[Phase] = relationship()
    application: Mapped[Application] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship(foreign_keys=[protocol_entry_id])
    decision_entry: Mapped[ProtocolEntry | None] = relationship(foreign_keys=[decision_entry_id])
    bundle: Mapped[StoredFile | None] = relationship()
    notices: Mapped[list["DisclosureNotice"]] = relationship(order_by="DisclosureNotice.id")

    @property
    def awaits_decision(self) -> bool:
        """Whether the clock still runs."""
        return self.status is DisclosureStatus.RECEIVED

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked for was granted."""
        return self.status is DisclosureStatus.GRANTED

    @property
    def guard(self) -> Guard:
        """The team that asked, and staff of its authority; nobody else knows of it."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.application_id, self.application.organisation_id),
            is_secret=True,
        )


class DisclosureNotice(Base):
    """A counter-interested applicant was told of a request, and may object within its days."""

    __tablename__ = "disclosure_notice"
    __table_args__ = (UniqueConstraint("request_id", "application_id"), holding(lazy_("Counter-interested parties")))

    request_id: Mapped[UUID] = mapped_column(ForeignKey("disclosure_request.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    told_at: Mapped[datetime]
    due_on: Mapped[date]
    objection: Mapped[str | None] = mapped_column(
        Text, info=personal("application", subject="objected_by", export="subject", erasure=kept(Because.REGISTERED))
    )
    objected_at: Mapped[datetime | None]
    objected_by: Mapped[UUID | None]

    request: Mapped[DisclosureRequest] = relationship(viewonly=True)
    application: Mapped[Application] = relationship()

    @property
    def guard(self) -> Guard:
        """The team that was told, and staff of its authority."""
        return Guard(
            authority_id=self.application.authority_id,
            objects=(self.application_id, self.application.organisation_id),
            is_secret=True,
        )
