"""What somebody of the team, or the coach, does next."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.coaching.models.engagement import Engagement
from portal.coaching.next_steps.rules import CARRY_OVER, TICK, StepStatus
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, personal


class NextStep(Stateful, Base):
    """A step agreed in a session, with its owner and its day: it waits on the owner's desk until it is settled."""

    __tablename__ = "next_step"
    __table_args__ = (
        Index("ix_next_step_owner_id_status", "owner_id", "status"),
        CheckConstraint("carried >= 0", name="carried_not_negative"),
        CheckConstraint("(status = 'open') = (settled_by IS NULL)", name="settled_by_somebody"),
        holding(lazy_("Next steps of coached teams")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    engagement_id: Mapped[UUID] = mapped_column(ForeignKey("engagement.id"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("coaching_session.id"), index=True)
    what: Mapped[str] = mapped_column(String(300), info=personal("coaching", subject="owner_id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    carried: Mapped[int] = mapped_column(default=0)
    """How often it was put off."""
    made_at: Mapped[datetime]
    status: Mapped[StepStatus] = mapped_column(value_enum(StepStatus), default=StepStatus.OPEN)
    status_at: Mapped[datetime]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    engagement: Mapped[Engagement] = relationship()
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status in CARRY_OVER.sources

    @property
    def is_done(self) -> bool:
        """Whether it was ticked off."""
        return self.status is TICK.target

    @property
    def guard(self) -> Guard:
        """As its engagement."""
        return self.engagement.guard
