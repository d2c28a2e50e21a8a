"""Personal data as a subject of its own: requests of people, copies made for them, warnings before data goes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models.people import Person
from portal.access.policy import Guard
from portal.access.rules.own_data import RequestKind, RequestOutcome
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.core.privacy.purposes import COPIES_KEPT, REQUESTS_KEPT

OPEN = text("decided_at IS NULL")


class PrivacyRequest(Base):
    """What somebody asks of the data protection officer of an authority, answered within a month."""

    __tablename__ = "privacy_request"
    __table_args__ = (
        Index("ix_privacy_request_authority_id_decided_at", "authority_id", "decided_at"),
        Index(
            "uq_privacy_request_open",
            "person_id",
            "authority_id",
            "kind",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        CheckConstraint("due_at > asked_at", name="due_after_it_was_asked"),
        CheckConstraint("decided_by <> person_id", name="nobody_answers_oneself"),
        CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided_or_not",
        ),
        CheckConstraint("decided_at IS NULL OR length(decision) > 0", name="answered_in_words"),
        holding(lazy_("Requests about personal data"), kept=REQUESTS_KEPT, since="decided_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[RequestKind] = mapped_column(value_enum(RequestKind))
    text: Mapped[str] = mapped_column(Text, default="", info=personal("privacy"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[RequestOutcome | None] = mapped_column(value_enum(RequestOutcome))
    decision: Mapped[str] = mapped_column(Text, default="", info=personal("privacy"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    @property
    def guard(self) -> Guard:
        """The data protection officer of its authority; nobody else learns that it exists."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.decided_at is None


class OwnCopy(Base):
    """The copy of somebody's data, made by the worker because it was long; gone after a week."""

    __tablename__ = "own_copy"
    __table_args__ = (
        Index("ix_own_copy_person_id", "person_id"),
        holding(lazy_("Copies made for people"), kept=COPIES_KEPT, since="made_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=personal("privacy", lazy_("the copy itself"), export="never", erasure="delete")
    )


class RetentionWarning(Base):
    """Said to whoever answers for data protection: what of a table ends by this instant will be deleted then.

    With a person it is about an account that nobody uses: the person was warned.
    """

    __tablename__ = "retention_warning"
    __table_args__ = (
        Index("ix_retention_warning_table_name_warned_at", "table_name", "warned_at"),
        Index("ix_retention_warning_person_id", "person_id"),
        CheckConstraint("covers_until >= warned_at", name="warned_before"),
        holding(lazy_("Warnings before data goes")),
    )

    table_name: Mapped[str] = mapped_column(String(64), info=impersonal)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    warned_at: Mapped[datetime]
    covers_until: Mapped[datetime]
    rows: Mapped[int]
