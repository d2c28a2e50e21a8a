"""Grants, incorporations and agreements."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation
from portal.access.policy import Guard
from portal.access.rules import LegalForm
from portal.applications.models import Application
from portal.calls.models import Call
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.documents.models import StoredFile
from portal.grants.rules import GrantFacts, GrantStatus, Need, needs


class Grant(Stateful, Base):
    """A contributo. What is left to release stands on its ledger account, never in a counter of its own.

    `reference` is the application's: one project has one number from its draft to its last payment.
    """

    __tablename__ = "grant_award"
    __table_args__ = (
        Index("ix_grant_award_call_id_status", "call_id", "status"),
        Index("ix_grant_award_organisation_id", "organisation_id"),
        CheckConstraint("awarded_cents > 0", name="awarded_positive"),
        CheckConstraint("cup IS NULL OR length(cup) = 15", name="cup_of_fifteen"),
        holding(lazy_("Grants")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    budget_line_id: Mapped[UUID] = mapped_column(ForeignKey("call_budget_line.id"), index=True)
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[GrantStatus] = mapped_column(value_enum(GrantStatus), default=GrantStatus.PROPOSED)
    status_at: Mapped[datetime]
    awarded_cents: Mapped[int] = mapped_column(Cents)
    awarded_at: Mapped[datetime]
    awarded_by: Mapped[UUID | None]
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    cup: Mapped[str | None] = mapped_column(String(15))
    published_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    call: Mapped[Call] = relationship()
    application: Mapped[Application] = relationship()
    organisation: Mapped[Organisation] = relationship()
    incorporation: Mapped["Incorporation | None"] = relationship(back_populates="grant")
    agreements: Mapped[list["Agreement"]] = relationship(order_by="Agreement.version", back_populates="grant")

    @property
    def guard(self) -> Guard:
        """Its team and coach by tie; staff of its authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.organisation_id, self.application_id, self.call_id),
            is_secret=True,
        )

    @property
    def facts(self) -> GrantFacts:
        """What decides which steps are still open."""
        agreement = self.agreement
        return GrantFacts(
            status=self.status,
            is_recorded=self.incorporation is not None and self.incorporation.recorded_at is not None,
            has_cup=self.cup is not None,
            is_prepared=agreement is not None,
            is_signed=agreement is not None and agreement.signed_at is not None,
            is_published=self.published_at is not None,
        )

    @property
    def needs(self) -> tuple[Need, ...]:
        """The steps still open, in order."""
        return needs(self.facts)

    @property
    def agreement(self) -> "Agreement | None":
        """The agreement in force, or being signed."""
        return self.agreements[-1] if self.agreements else None


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


class Agreement(Base):
    """A convenzione: the PDF prepared by the office, the signed copy sent back by the recipient."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("grant_id", "version"),
        CheckConstraint("countersigned_by IS NULL OR countersigned_by <> signed_by", name="two_people"),
        holding(lazy_("Agreements")),
    )

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    version: Mapped[int]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), index=True)
    prepared_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    prepared_at: Mapped[datetime]
    signed_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    signed_at: Mapped[datetime | None]
    countersigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    countersigned_at: Mapped[datetime | None]

    grant: Mapped[Grant] = relationship(back_populates="agreements")
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    signed_file: Mapped[StoredFile | None] = relationship(foreign_keys=[signed_file_id])

    @property
    def guard(self) -> Guard:
        """As its grant."""
        return self.grant.guard

    @property
    def is_in_force(self) -> bool:
        """Signed by both sides."""
        return self.signed_at is not None and self.countersigned_at is not None
