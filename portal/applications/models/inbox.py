"""The office's list: a line for each application that reached it, and the filters people keep under a name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.access.rules import OrganisationKind
from portal.applications.models.application import Application
from portal.applications.rules import ApplicationStatus
from portal.core.db import Base, Cents, value_enum
from portal.core.db.search import Words
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, Because, holding, impersonal, kept, personal

UNREAD = text("unread_by_office > 0")
MARKED = text("marked_at IS NOT NULL")
RESERVED = text("reserved_at IS NOT NULL")


class InboxEntry(Base):
    """An application as the officers' list shows, filters and searches it: of its registered version that counts.

    `number` is its place in the order of receipt, unique over all authorities: pages of the list go by it alone.
    `status` repeats that of the application, `place` its own point on the map in millionths of a degree.
    """

    __tablename__ = "inbox_entry"
    __table_args__ = (
        UniqueConstraint("application_id"),
        UniqueConstraint("number"),
        Index("ix_inbox_entry_authority_id_number", "authority_id", "number"),
        Index("ix_inbox_entry_authority_id_status_number", "authority_id", "status", "number"),
        Index("ix_inbox_entry_call_id_number", "call_id", "number"),
        Index("ix_inbox_entry_call_id_status_number", "call_id", "status", "number"),
        Index("ix_inbox_entry_phase_id_number", "phase_id", "number"),
        Index("ix_inbox_entry_organisation_id", "organisation_id"),
        Index("ix_inbox_entry_unread", "authority_id", "number", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_inbox_entry_marked", "authority_id", "number", sqlite_where=MARKED, postgresql_where=MARKED),
        Index("ix_inbox_entry_reserved", "authority_id", "number", sqlite_where=RESERVED, postgresql_where=RESERVED),
        CheckConstraint("unread_by_office >= 0 AND unread_by_team >= 0", name="unread_not_negative"),
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken_by_somebody"),
        CheckConstraint("(marked_by IS NULL) = (marked_at IS NULL)", name="marked_by_somebody"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="a_point_has_both"),
        holding(lazy_("The office's list of applications")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[ApplicationStatus] = mapped_column(value_enum(ApplicationStatus))
    status_at: Mapped[datetime]
    received_at: Mapped[datetime]
    reference: Mapped[str] = mapped_column(String(20))
    protocol: Mapped[str] = mapped_column(String(40), info=impersonal)
    title: Mapped[str] = mapped_column(String(300), info=impersonal)
    kind: Mapped[OrganisationKind] = mapped_column(value_enum(OrganisationKind))
    area: Mapped[str | None] = mapped_column(String(64))
    line: Mapped[str | None] = mapped_column(String(64), info=impersonal)
    municipality: Mapped[str | None] = mapped_column(String(120), info=impersonal)
    requested_cents: Mapped[int] = mapped_column(Cents)
    total_cents: Mapped[int] = mapped_column(Cents)
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    words: Mapped[str] = mapped_column(
        Words,
        info=personal(
            "application",
            lazy_("words it is found by"),
            subject=NOBODY,
            export="never",
            erasure=kept(Because.REGISTERED),
        ),
    )
    taken_by: Mapped[UUID | None]
    taken_at: Mapped[datetime | None]
    marked_by: Mapped[UUID | None]
    marked_at: Mapped[datetime | None]
    reserved_at: Mapped[datetime | None]
    """Since when it is admitted on a condition that nobody has decided yet."""
    unread_by_office: Mapped[int] = mapped_column(default=0)
    unread_by_team: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()

    @property
    def guard(self) -> Guard:
        """As its application."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.application_id, self.organisation_id, self.call_id),
            is_secret=True,
            under=self.phase_id,
        )


class SavedView(Base):
    """A filter of the list under a name: its owner's, or lent to the whole office."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("person_id", "authority_id", "name"),
        Index("ix_saved_view_authority_id", "authority_id"),
        holding(lazy_("Filters kept under a name")),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    name: Mapped[str] = mapped_column(String(80), info=personal("sign-in"))
    wanted: Mapped[dict[str, Any]] = mapped_column(info=personal("sign-in", lazy_("filter of a list")))
    is_shared: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]

    @property
    def guard(self) -> Guard:
        """The office whose list it filters."""
        return Guard(authority_id=self.authority_id, is_secret=True)
