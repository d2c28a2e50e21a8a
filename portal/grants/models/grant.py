"""The grant."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.ext.hybrid import hybrid_property
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
    from portal.grants.models.ending import Proceeding
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
        CheckConstraint("reduced_cents BETWEEN 0 AND awarded_cents", name="reduced_within_the_award"),
        CheckConstraint("cup IS NULL OR length(cup) = 15", name="cup_of_fifteen"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", name="checked_by_somebody"),
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
    reduced_cents: Mapped[int] = mapped_column(Cents, default=0, server_default="0")
    awarded_at: Mapped[datetime]
    awarded_by: Mapped[UUID | None]
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    accept_by: Mapped[date | None]
    """The last day to accept or renounce; None where the call asks for no answer."""
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    checked_at: Mapped[datetime | None]
    """When somebody closed the list of checks, all of them positive."""
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    checks_until: Mapped[date | None]
    """The last day on which all of them hold; None where nothing expires."""
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
    open_proceeding: Mapped["Proceeding | None"] = relationship(
        primaryjoin="and_(Grant.id == Proceeding.grant_id, Proceeding.status.in_(('opened', 'replied')))",
        uselist=False,
        viewonly=True,
    )
    """What may end it, while no act has closed it: one at a time."""

    @property
    def guard(self) -> Guard:
        """Its team and coach by tie; staff of its authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.organisation_id, self.application_id, self.call_id),
            is_secret=True,
            team=self.organisation_id,
        )

    @hybrid_property
    def granted_cents(self) -> int:
        """What of the award stands: less what acts took back to the budget."""
        return self.awarded_cents - self.reduced_cents

    @property
    def may_be_checked(self) -> bool:
        """Whether checks before signing are recorded: from the acceptance until the agreement is in force."""
        return self.status in (GrantStatus.VERIFYING, GrantStatus.READY)

    @property
    def waits_for_checks(self) -> bool:
        """Whether its checks have not begun: the recipient has not answered yet."""
        return self.status is GrantStatus.PROPOSED

    @property
    def is_incorporating(self) -> bool:
        """Whether its group is becoming a legal entity."""
        return self.status is GrantStatus.INCORPORATING

    def facts_on(self, day: date) -> GrantFacts:
        """What decides which steps are still open on a day."""
        agreement = self.agreement
        return GrantFacts(
            status=self.status,
            awaits_answer=self.status is GrantStatus.PROPOSED and self.accept_by is not None,
            are_checks_open=not self.holds_checks_on(day),
            is_recorded=self.incorporation is not None and self.incorporation.recorded_at is not None,
            has_cup=self.cup is not None,
            is_prepared=agreement is not None and agreement.carries(self.cup),
            is_signed=agreement is not None and agreement.signed_at is not None,
            is_published=self.published_at is not None,
            has_addendum=agreement is not None and agreement.is_addendum and not agreement.is_in_force,
        )

    def needs_on(self, day: date) -> tuple[Need, ...]:
        """The steps still open on a day, in order."""
        return needs(self.facts_on(day))

    def holds_checks_on(self, day: date) -> bool:
        """Whether the list of checks was closed and nothing of it has expired by this day."""
        if self.status is GrantStatus.VERIFYING:
            return False
        return self.checks_until is None or self.checks_until >= day

    @property
    def agreement(self) -> "Agreement | None":
        """The newest agreement: in force, or being signed."""
        return self.agreements[-1] if self.agreements else None

    @property
    def agreement_in_force(self) -> "Agreement | None":
        """The agreement that both sides have signed last; an addendum that waits leaves it in force."""
        return next((each for each in reversed(self.agreements) if each.is_in_force), None)
