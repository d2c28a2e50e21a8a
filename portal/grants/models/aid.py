"""The register of de minimis aid: aid, links between undertakings, and whether somebody is an undertaking at all."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation
from portal.calls.rules import AidRegime
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.grants.models.grant import Grant


class AidEntry(Base):
    """Aid to an undertaking: a grant of the portal, or aid of others as declared or read in the register (RNA).

    Only the code of the register (COR) is written later, once.
    """

    __tablename__ = "aid_entry"
    __table_args__ = (
        Index("ix_aid_entry_organisation_id_regime", "organisation_id", "regime"),
        UniqueConstraint("grant_id"),
        CheckConstraint("cents > 0", name="cents_positive"),
        CheckConstraint("(cor IS NULL) = (cor_at IS NULL)", name="cor_whole"),
        CheckConstraint("grant_id IS NOT NULL OR granted_by IS NOT NULL", name="granted_by_somebody"),
        holding(lazy_("De minimis aid")),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant_award.id"))
    regime: Mapped[AidRegime] = mapped_column(value_enum(AidRegime))
    granted_on: Mapped[date]
    cents: Mapped[int] = mapped_column(Cents)
    granted_by: Mapped[str | None] = mapped_column(String(200), info=impersonal)
    """The other authority that granted it."""
    received_by: Mapped[str | None] = mapped_column(String(200), info=impersonal)
    """The linked undertaking that received it, where that is not known to the portal."""
    cor: Mapped[str | None] = mapped_column(String(20), info=impersonal)
    cor_at: Mapped[datetime | None]
    cor_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    grant: Mapped[Grant | None] = relationship()

    @property
    def counted_cents(self) -> int:
        """What of it stands: of a grant of the portal, less what acts took back to the budget."""
        return self.grant.granted_cents if self.grant else self.cents


class UndertakingLink(Base):
    """Two organisations that are one single undertaking (impresa unica), while the link lasts."""

    __tablename__ = "undertaking_link"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", "since"),
        Index("ix_undertaking_link_second_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("until >= since", name="ends_after_it_began"),
        CheckConstraint("(until IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        holding(lazy_("Linked undertakings")),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    note: Mapped[str] = mapped_column(
        Text, info=personal("facts", subject="recorded_by", erasure=kept(Because.PROCEDURE))
    )
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    first: Mapped[Organisation] = relationship(foreign_keys=[first_id])
    second: Mapped[Organisation] = relationship(foreign_keys=[second_id])


class ActivityFinding(Base):
    """Whether an organisation carries on an economic activity, and so is an undertaking; the newest counts."""

    __tablename__ = "activity_finding"
    __table_args__ = (
        Index("ix_activity_finding_organisation_id", "organisation_id"),
        holding(lazy_("Economic activity of organisations")),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    is_undertaking: Mapped[bool]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("facts", subject="found_by", erasure=kept(Because.PROCEDURE))
    )
    found_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    found_at: Mapped[datetime]
