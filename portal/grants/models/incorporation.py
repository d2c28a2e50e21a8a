"""A group that becomes a legal entity."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.rules import LegalForm
from portal.applications.models import Application
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.models.grant import Grant


class Incorporation(Base):
    """The promise of an informal group to become a legal entity, and how it was kept.

    It stands before the agreement of a grant, or before the next phase of a call: then it has an application.
    """

    __tablename__ = "incorporation"
    __table_args__ = (
        CheckConstraint("(grant_id IS NULL) <> (application_id IS NULL)", name="of_a_grant_or_an_application"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> recorded_by", name="two_people"),
        CheckConstraint("people_joined >= 0 AND people_left >= 0", name="people_counted"),
        holding(lazy_("Groups that became entities")),
    )

    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant_award.id"), unique=True)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"), unique=True)
    due_on: Mapped[date]
    name: Mapped[str | None] = mapped_column(String(200), info=impersonal)
    legal_form: Mapped[LegalForm | None] = mapped_column(value_enum(LegalForm))
    fiscal_code: Mapped[str | None] = mapped_column(String(16), info=personal("contact"))
    incorporated_on: Mapped[date | None]
    people_joined: Mapped[int | None]
    """How many founders of the deed were not of the group, where the call fixes its people."""
    people_left: Mapped[int | None]
    deed_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_at: Mapped[datetime | None]

    grant: Mapped[Grant | None] = relationship(back_populates="incorporation")
    application: Mapped[Application | None] = relationship()
    deed: Mapped[StoredFile | None] = relationship()

    @property
    def recorded(self) -> dict[str, object]:
        """What the group recorded, for the trail."""
        names = ("name", "legal_form", "fiscal_code", "incorporated_on", "people_joined", "people_left")
        return {name: getattr(self, name) for name in names}


class IncorporationTick(Base):
    """A step to the legal entity that the group has taken, with its evidence; the newest of a step counts."""

    __tablename__ = "incorporation_tick"
    __table_args__ = (
        Index("ix_incorporation_tick_incorporation_id_key", "incorporation_id", "key"),
        CheckConstraint("file_id IS NOT NULL OR note IS NOT NULL", name="has_evidence"),
        holding(lazy_("Steps to a legal entity")),
    )

    incorporation_id: Mapped[UUID] = mapped_column(ForeignKey("incorporation.id"))
    key: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(
        String(500), info=personal("application", subject="ticked_by", erasure=kept(Because.ORGANISATION))
    )
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    ticked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    ticked_at: Mapped[datetime]

    incorporation: Mapped[Incorporation] = relationship()
    file: Mapped[StoredFile | None] = relationship()
