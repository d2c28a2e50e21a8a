"""Which organisations stand in the consortia that have applied: whoever is in two is found, or kept out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding

_ONE = text("until IS NULL AND is_only")


class TakingPart(Base):
    """An organisation of a consortium, as its application was sent last; over when it was withdrawn or sent without it.

    `is_only`: the call refuses an organisation in two consortia of a phase, and the database does.
    """

    __tablename__ = "taking_part"
    __table_args__ = (
        Index("ix_taking_part_application_id", "application_id"),
        Index("ix_taking_part_organisation_id", "organisation_id"),
        Index("ix_taking_part_phase_id_organisation_id", "phase_id", "organisation_id"),
        Index(
            "uq_taking_part_only",
            "phase_id",
            "organisation_id",
            unique=True,
            sqlite_where=_ONE,
            postgresql_where=_ONE,
        ),
        holding(lazy_("Organisations of consortia that applied")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    is_only: Mapped[bool]

    organisation: Mapped[Organisation] = relationship()
