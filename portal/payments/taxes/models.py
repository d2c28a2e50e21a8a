"""Checks of tax debts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Organisation, Person
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal
from portal.payments.taxes.rules import LONGEST_REFERENCE, DebtOutcome


class TaxDebtCheck(Base):
    """What the collecting agent answered about a payee (art. 48-bis); the newest answer of an authority counts."""

    __tablename__ = "tax_debt_check"
    __table_args__ = (
        Index("ix_tax_debt_check_organisation_id_checked_on", "organisation_id", "authority_id", "checked_on"),
        CheckConstraint("debt_cents >= 0 AND (outcome = 'debts' OR debt_cents = 0)", name="debt_of_debts"),
        holding(lazy_("Checks of tax debts")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    outcome: Mapped[DebtOutcome] = mapped_column(value_enum(DebtOutcome))
    debt_cents: Mapped[int] = mapped_column(Cents, default=0)
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE), info=impersonal)
    checked_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    recorder: Mapped[Person] = relationship(viewonly=True)
