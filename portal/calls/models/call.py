"""Calls, their immutable revisions, phases, the history of deadlines, budget lines."""

from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority
from portal.access.policy import Guard
from portal.calls.callfile import design_from_json
from portal.calls.rules import Accompaniment, CallDesign, CallStatus, PhaseDesign, PhaseStatus
from portal.core.db import Base, Cents, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal


class Call(Stateful, Base):
    """An avviso. `definition` is the design in force; every earlier one is a revision."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_authority_id", "authority_id"),
        Index("ix_call_status_published_at", "status", "published_at"),
        CheckConstraint(
            "budget_cents > 0 OR (budget_cents = 0 AND status IN ('draft', 'cancelled'))", name="budget_positive"
        ),
        CheckConstraint("published_at IS NULL OR status NOT IN ('draft', 'approved')", name="public_once_published"),
        CheckConstraint(
            "publish_at IS NULL OR (status = 'approved' AND publish_act_number IS NOT NULL)", name="planned_by_an_act"
        ),
        holding(lazy_("Calls")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    status: Mapped[CallStatus] = mapped_column(value_enum(CallStatus), default=CallStatus.DRAFT)
    status_at: Mapped[datetime]
    title: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    definition: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    revision: Mapped[int] = mapped_column(default=1)
    budget_cents: Mapped[int] = mapped_column(Cents)
    published_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    """Never whoever made the revision that was approved: the database refuses it."""
    publish_at: Mapped[datetime | None]
    """When an approved call goes out by itself; empty once it has."""
    publish_act_number: Mapped[str | None] = mapped_column(String(80), info=impersonal)
    publish_act_date: Mapped[date | None]
    questions_until: Mapped[datetime | None]
    """Until when questions are taken; empty: as long as a phase takes applications."""

    authority: Mapped[Authority] = relationship()
    phases: Mapped[list["Phase"]] = relationship(order_by="Phase.position", back_populates="call")

    @property
    def guard(self) -> Guard:
        """Public once published; before that, and of a rehearsal ever, staff of its authority."""
        return Guard(
            authority_id=self.authority_id, objects=(self.id,), is_public=self.is_public, is_secret=not self.is_public
        )

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it: published, and no rehearsal."""
        return self.published_at is not None and not self.authority.is_twin

    @cached_property
    def design(self) -> CallDesign:
        """The design in force, as typed data."""
        return design_from_json(self.definition)

    @property
    def questions_close_at(self) -> datetime:
        """The declared end of questions, else the last closing instant."""
        return self.questions_until or max(phase.closes_at for phase in self.phases)

    def takes_questions(self, now: datetime) -> bool:
        """Whether a visitor may ask."""
        return self.status is CallStatus.PUBLISHED and now <= self.questions_close_at

    @property
    def is_cancelled(self) -> bool:
        """Whether an act took it back."""
        return self.status is CallStatus.CANCELLED

    @property
    def is_published(self) -> bool:
        """Whether it is public and neither concluded nor cancelled."""
        return self.status is CallStatus.PUBLISHED

    @property
    def awaits_approval(self) -> bool:
        """Whether it is still a draft."""
        return self.status is CallStatus.DRAFT

    @property
    def awaits_publication(self) -> bool:
        """Whether it is approved, and not out yet."""
        return self.status is CallStatus.APPROVED

    def open_phase(self, now: datetime) -> "Phase | None":
        """The phase that takes applications now, if any."""
        return next((phase for phase in self.phases if phase.takes_applications(now)), None)

    def next_phase(self, now: datetime) -> "Phase | None":
        """The phase that will open next, if any."""
        planned = (phase for phase in self.phases if phase.status is PhaseStatus.RUNNING and phase.opens_at > now)
        return next(planned, None) if self.status is CallStatus.PUBLISHED else None

    def shown_phase(self, now: datetime) -> "Phase":
        """The phase whose dates matter now: the open one, else the next, else the last."""
        return self.open_phase(now) or self.next_phase(now) or self.phases[-1]


class CallRevision(Base):
    """The call as it was written at some moment; after publication, with the act that changed it. Append-only."""

    __tablename__ = "call_revision"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        holding(lazy_("Versions of calls")),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    definition: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    sha256: Mapped[str] = mapped_column(String(64))
    act_number: Mapped[str | None] = mapped_column(String(80))
    act_date: Mapped[date | None]
    reason: Mapped[dict[str, Any] | None] = mapped_column(info=impersonal)


class Phase(Stateful, Base):
    """One phase of selection; `closes_at` repeats the deadline in force for lists."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("call_id", "key"),
        Index("ix_phase_closes_at", "closes_at"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    name: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    status: Mapped[PhaseStatus] = mapped_column(value_enum(PhaseStatus), default=PhaseStatus.PLANNED)
    status_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    form_revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("form_revision.id"), index=True)
    """The form that its applicants answer; empty while the call is first written."""

    call: Mapped[Call] = relationship(back_populates="phases")
    deadlines: Mapped[list["PhaseDeadline"]] = relationship(order_by="PhaseDeadline.sequence")

    @property
    def design(self) -> CallDesign:
        """The call as this phase has it: its own questions and its own way of choosing, where it declares them."""
        return self.call.design.at_phase(self.key)

    @property
    def declared(self) -> PhaseDesign:
        """What the call declares of this phase alone: who enters, what stands between it and the next."""
        return self.call.design.phase(self.key)

    @property
    def accompaniment(self) -> Accompaniment | None:
        """Training or coaching between this phase and the next."""
        return self.declared.accompaniment

    @property
    def earlier(self) -> "Phase | None":
        """The phase before this one; of the first, none is looked for."""
        if self.position == 1:
            return None
        return next((each for each in reversed(self.call.phases) if each.position < self.position), None)

    @property
    def later(self) -> "Phase | None":
        """The phase after this one: whoever is selected here may apply there."""
        return next((each for each in self.call.phases if each.position > self.position), None)

    @property
    def is_last(self) -> bool:
        """Whether its final ranking awards money."""
        return self.later is None

    def is_open(self, now: datetime) -> bool:
        """Whether applications are taken at this instant (the database has the last word)."""
        return self.call.status is CallStatus.PUBLISHED and self.opens_at <= now <= self.deadline.last_instant

    @property
    def may_be_extended(self) -> bool:
        """Whether its deadline can still move."""
        return self.status is PhaseStatus.RUNNING and self.call.status is CallStatus.PUBLISHED

    def awaits_evaluation(self, now: datetime) -> bool:
        """Whether nothing can reach it any more, and its evaluation has not begun."""
        return self.may_be_extended and now > self.deadline.accepted_until

    def takes_applications(self, now: datetime) -> bool:
        """Whether the phase is shown as open: running, begun, and before its closing instant."""
        return self.may_be_extended and self.opens_at <= now <= self.closes_at

    @property
    def deadline(self) -> "PhaseDeadline":
        """The deadline in force."""
        return self.deadlines[-1]


class PhaseDeadline(Base):
    """A closing instant and the act that set it. Append-only: the last row is in force.

    `last_instant` is the closing instant plus the declared grace; nothing received later is registered (P1).
    """

    __tablename__ = "phase_deadline"
    __table_args__ = (
        UniqueConstraint("phase_id", "sequence"),
        CheckConstraint("last_instant >= closes_at", name="grace_not_negative"),
        holding(lazy_("Deadlines and extensions")),
    )

    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    sequence: Mapped[int]
    closes_at: Mapped[datetime]
    last_instant: Mapped[datetime]
    accepted_until: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    act_number: Mapped[str | None] = mapped_column(String(80))
    act_date: Mapped[date | None]
    reason: Mapped[dict[str, Any] | None] = mapped_column(info=impersonal)
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]


class CallBudgetLine(Base):
    """Money set apart; its ledger account holds what is not yet awarded."""

    __tablename__ = "call_budget_line"
    __table_args__ = (
        UniqueConstraint("call_id", "key"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    amount_cents: Mapped[int] = mapped_column(Cents)
