"""A group that becomes a legal entity."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.rules import LegalForm
from portal.applications.models import Application
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
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
        holding(lazy_("Groups that became entities")),
    )

    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant_award.id"), unique=True)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"), unique=True)
    due_on: Mapped[date]
    name: Mapped[str | None] = mapped_column(String(200), info=impersonal)
    legal_form: Mapped[LegalForm | None] = mapped_column(value_enum(LegalForm))
    fiscal_code: Mapped[str | None] = mapped_column(String(16), info=personal("contact"))
    incorporated_on: Mapped[date | None]
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
        names = ("name", "legal_form", "fiscal_code", "incorporated_on")
        return {name: getattr(self, name) for name in names}
