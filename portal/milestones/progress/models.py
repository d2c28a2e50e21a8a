"""Days that recipients expect, and what reports say was reached. Both append-only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.milestones.models import Milestone


class MilestoneForecast(Base):
    """When the recipient expects to reach a milestone, and why; it speaks of one planned day. Append-only."""

    __tablename__ = "milestone_forecast"
    __table_args__ = (
        UniqueConstraint("milestone_id", "number"),
        CheckConstraint("number > 0", name="numbered_from_one"),
        holding(lazy_("Days expected for milestones")),
    )

    milestone_id: Mapped[UUID] = mapped_column(ForeignKey("milestone.id"))
    number: Mapped[int]
    planned_on: Mapped[date]
    """The day of the plan in force when this was said: another plan ends it."""
    expected_on: Mapped[date]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("grant", subject="said_by", erasure=kept(Because.PROCEDURE))
    )
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    said_at: Mapped[datetime]

    milestone: Mapped[Milestone] = relationship()
    person: Mapped[Person | None] = relationship()


class IndicatorReached(Base):
    """What one version of a report says was reached of an indicator, against what was promised then. Append-only."""

    __tablename__ = "indicator_reached"
    __table_args__ = (
        UniqueConstraint("report_id", "key"),
        CheckConstraint("reached_hundredths >= 0", name="counts_from_zero"),
        CheckConstraint("target_hundredths > 0", name="promises_something"),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("milestone_report.id"))
    key: Mapped[str] = mapped_column(String(64))
    target_hundredths: Mapped[int] = mapped_column(BigInteger)
    reached_hundredths: Mapped[int] = mapped_column(BigInteger)
