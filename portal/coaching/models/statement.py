"""What a coach is paid for, month by month."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority, Person
from portal.access.policy import Guard
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, personal


class CoachStatement(Base):
    """The minutes of one coach in one closed month. Append-only: what is confirmed later goes into the next one."""

    __tablename__ = "coach_statement"
    __table_args__ = (
        UniqueConstraint("coach_id", "authority_id", "month"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        holding(lazy_("Statements of coaches")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    month: Mapped[date]
    """Its first day."""
    minutes: Mapped[int]
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    authority: Mapped[Authority] = relationship()
    coach: Mapped[Person] = relationship(foreign_keys=[coach_id])
    lines: Mapped[list["StatementLine"]] = relationship(order_by="StatementLine.starts_at, StatementLine.id")

    @property
    def guard(self) -> Guard:
        """Staff of its authority; the query adds that a coach sees the own ones only."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)


class StatementLine(Base):
    """One session that counts, once however many teams were there. Append-only: its minutes are a confirmed session's
    (refused by the database otherwise).
    """

    __tablename__ = "statement_line"
    __table_args__ = (
        UniqueConstraint("occasion_id"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        holding(lazy_("Lines of the statements of coaches")),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey("coach_statement.id"), index=True)
    occasion_id: Mapped[UUID]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("coaching_session.id"), index=True)
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    teams: Mapped[str] = mapped_column(String(1000), info=personal("coaching", subject=NOBODY))
