"""The grant."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation
from portal.access.policy import Guard
from portal.applications.models import Application
from portal.calls.models import Call
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding
from portal.grants.rules import GrantFacts, GrantStatus, Need, needs

if TYPE_CHECKING:
    from portal.grants.models.agreement import Agreement
    from portal.grants.models.incorporation import Incorporation


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
