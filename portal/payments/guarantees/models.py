"""Guarantees of a grant."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal
from portal.documents.models import StoredFile
from portal.grants.models import Grant
from portal.payments.guarantees.rules import (
    LONGEST_ISSUER,
    LONGEST_NUMBER,
    RELEASE,
    VERIFY,
    GuaranteeStatus,
    GuarantorKind,
)

STANDS = text("status <> 'refused'")


class Guarantee(Stateful, Base):
    """A fideiussione. What it promises never changes once recorded: another one takes its place."""

    __tablename__ = "guarantee"
    __table_args__ = (
        Index("uq_guarantee_number", "grant_id", "issuer", "number", unique=True, sqlite_where=STANDS,
              postgresql_where=STANDS),
        Index("ix_guarantee_grant_id_status", "grant_id", "status"),
        Index("ix_guarantee_authority_id", "authority_id"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("renews OR valid_until IS NOT NULL", name="lasts_until_a_day"),
        CheckConstraint(
            "status IN ('recorded', 'refused') OR (first_demand AND waives_excussion AND waives_term)",
            name="verified_with_its_clauses",
        ),
        CheckConstraint("(status IN ('verified', 'released', 'called')) = (verified_by IS NOT NULL)", name="verified"),
        CheckConstraint("verified_by <> recorded_by", name="two_people"),
        CheckConstraint("(status = 'refused') = (refused_reason IS NOT NULL)", name="refused_with_a_reason"),
        CheckConstraint("(status = 'released') = (release_act IS NOT NULL)", name="released_by_an_act"),
        holding(lazy_("Guarantees")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    kind: Mapped[GuarantorKind] = mapped_column(value_enum(GuarantorKind))
    issuer: Mapped[str] = mapped_column(String(LONGEST_ISSUER), info=impersonal)
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER), info=impersonal)
    amount_cents: Mapped[int] = mapped_column(Cents)
    valid_until: Mapped[date | None]
    renews: Mapped[bool]
    """Whether it is renewed by itself until the office releases it in writing (svincolo)."""
    first_demand: Mapped[bool]
    waives_excussion: Mapped[bool]
    """Art. 1944 c.c.: the guarantor pays before the recipient is sued."""
    waives_term: Mapped[bool]
    """Art. 1957(2) c.c.: the guarantor stays bound whenever the office acts."""
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    status: Mapped[GuaranteeStatus] = mapped_column(value_enum(GuaranteeStatus), default=GuaranteeStatus.RECORDED)
    status_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    verified_at: Mapped[datetime | None]
    refused_reason: Mapped[str | None] = mapped_column(
        Text, info=personal("payment", subject="recorded_by", erasure=kept(Because.PROCEDURE))
    )
    release_act: Mapped[str | None] = mapped_column(String(80), info=impersonal)
    released_on: Mapped[date | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    grant: Mapped[Grant] = relationship()
    file: Mapped[StoredFile] = relationship()
    recorder: Mapped[Person] = relationship(foreign_keys=[recorded_by], viewonly=True)
    verifier: Mapped[Person | None] = relationship(foreign_keys=[verified_by], viewonly=True)

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def waits(self) -> bool:
        """Whether finance has not looked at it yet."""
        return self.status in VERIFY.sources

    @property
    def is_active(self) -> bool:
        """Whether it stands: verified, neither released nor called."""
        return self.status in RELEASE.sources

    @property
    def has_its_clauses(self) -> bool:
        """Whether it pays on first demand and renounces both defences of a guarantor."""
        return self.first_demand and self.waives_excussion and self.waives_term
