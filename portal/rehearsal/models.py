"""Rehearsals and their steps: kept for ever, apart from everything that counts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority
from portal.access.policy import Guard
from portal.calls.callfile import design_from_json
from portal.calls.models import Call
from portal.core.db import Base, JsonDocument, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal
from portal.rehearsal.plan import Stop, plan_of
from portal.rehearsal.rules import UNDER_WAY, USUAL_STEPS, RehearsalStatus, Step

ONE_AT_A_TIME = text("status IN ('prepared', 'running')")


class Rehearsal(Stateful, Base):
    """One rehearsal of a call: the revision that was rehearsed, the twin's call, how far it is.

    `done` counts the steps that are over, of those that are `planned`; each is a row of its own.
    """

    __tablename__ = "rehearsal"
    __table_args__ = (
        UniqueConstraint("source_id", "number"),
        Index(
            "uq_rehearsal_under_way", "authority_id", unique=True, sqlite_where=ONE_AT_A_TIME,
            postgresql_where=ONE_AT_A_TIME,
        ),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("done BETWEEN 0 AND planned", name="done_within_steps"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_with_its_moment"),
        CheckConstraint("twin_id <> authority_id", name="in_a_twin"),
        holding(lazy_("Rehearsals of calls")),
    )  # fmt: skip

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    twin_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    revision: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    """The design as it stood when the rehearsal was asked for."""
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"), unique=True)
    status: Mapped[RehearsalStatus] = mapped_column(value_enum(RehearsalStatus), default=RehearsalStatus.PREPARED)
    status_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    planned: Mapped[int] = mapped_column(default=USUAL_STEPS, server_default=str(USUAL_STEPS))
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    authority: Mapped[Authority] = relationship(foreign_keys=[authority_id])
    twin: Mapped[Authority] = relationship(foreign_keys=[twin_id])
    source: Mapped[Call] = relationship(foreign_keys=[source_id])
    call: Mapped[Call | None] = relationship(foreign_keys=[call_id])
    steps: Mapped[list["RehearsalStep"]] = relationship(order_by="RehearsalStep.number")

    @property
    def guard(self) -> Guard:
        """Staff of the authority that rehearses; a secret to all others."""
        return Guard(authority_id=self.authority_id, objects=(self.id,), is_secret=True)

    @property
    def is_under_way(self) -> bool:
        """Whether steps are still to come."""
        return self.status in UNDER_WAY

    @property
    def is_closed(self) -> bool:
        """Whether nothing of it can change any more."""
        return self.status is RehearsalStatus.CLOSED

    @property
    def plan(self) -> tuple[Stop, ...]:
        """What is lived through: by the twin's call once it is there."""
        return plan_of(self.call.design if self.call is not None else design_from_json(self.definition))

    @property
    def next_stop(self) -> Stop | None:
        """The step that comes next with its phase, while there is one."""
        return self.plan[self.done] if self.is_under_way and self.done < self.planned else None


class RehearsalStep(Base):
    """One step that is over: what happened in it, and how long it took. Append-only."""

    __tablename__ = "rehearsal_step"
    __table_args__ = (
        UniqueConstraint("rehearsal_id", "number"),
        CheckConstraint("milliseconds >= 0", name="milliseconds_not_negative"),
    )

    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey("rehearsal.id"))
    number: Mapped[int]
    step: Mapped[Step] = mapped_column(value_enum(Step))
    phase_key: Mapped[str | None] = mapped_column(String(64), info=impersonal)
    """The phase to which it belonged, where the call has several."""
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JsonDocument, info=impersonal)
