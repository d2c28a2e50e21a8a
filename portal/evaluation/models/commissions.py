"""Commissions: who was appointed by which act, and every change since. Rows are only added."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.evaluation.rules import VOTING, Seat

WHOLE_ACT = "(act_number IS NULL) = (act_date IS NULL)"


class Commission(Base):
    """The evaluators of a phase, appointed after the deadline by an act."""

    __tablename__ = "commission"
    __table_args__ = holding(lazy_("Commissions"))

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"), unique=True)
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    even_reason: Mapped[str | None] = mapped_column(Text, info=impersonal)
    """Why an even number votes, where the act says so."""
    appointed_at: Mapped[datetime]
    appointed_by: Mapped[UUID | None]

    seats: Mapped[list["CommissionMember"]] = relationship(order_by="CommissionMember.id")
    """Everybody ever appointed; who sits now is told by `members`, `secretary` and `substitutes` alone."""

    @property
    def members(self) -> list["CommissionMember"]:
        """Who votes now: the chair, then the members in the order of their appointment."""
        found = [each for each in self.seats if each.seat_now in VOTING]
        return sorted(found, key=lambda each: each.seat_now is not Seat.CHAIR)

    @property
    def chair(self) -> "CommissionMember | None":
        """Who presides now."""
        return next((each for each in self.seats if each.seat_now is Seat.CHAIR), None)

    @property
    def secretary(self) -> "CommissionMember | None":
        """Who keeps the minutes now."""
        return next((each for each in self.seats if each.seat_now is Seat.SECRETARY), None)

    @property
    def declaring(self) -> list["CommissionMember"]:
        """Who declares before anything of an application is shown: those who vote, then the secretary."""
        return [*self.members, *([self.secretary] if self.secretary else [])]

    @property
    def substitutes(self) -> list["CommissionMember"]:
        """Who waits to be called in, in their order."""
        waiting = [each for each in self.seats if each.seat_now is Seat.SUBSTITUTE]
        return sorted(waiting, key=lambda each: (each.position or 0, each.id))

    @property
    def is_even(self) -> bool:
        """Whether an even number votes now."""
        return len(self.members) % 2 == 0

    @property
    def guard(self) -> Guard:
        """Staff of its authority, and who sits on it."""
        return Guard(authority_id=self.authority_id, objects=(self.id,))


class CommissionMember(Base):
    """Somebody appointed: the seat they were given first. Append-only: what followed are rows of `seat_change`.

    Without an act of its own it was given by the act that appointed the commission.
    """

    __tablename__ = "commission_member"
    __table_args__ = (
        UniqueConstraint("commission_id", "person_id"),
        CheckConstraint("(seat = 'substitute') = (position IS NOT NULL)", name="substitutes_have_an_order"),
        CheckConstraint(WHOLE_ACT, name="whole_act"),
        holding(lazy_("Seats in commissions")),
    )

    commission_id: Mapped[UUID] = mapped_column(ForeignKey("commission.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    seat: Mapped[Seat] = mapped_column(value_enum(Seat))
    position: Mapped[int | None]
    """Of a substitute: the order in which they are called in."""
    since: Mapped[datetime | None]
    act_number: Mapped[str | None] = mapped_column(String(80), info=impersonal)
    act_date: Mapped[date | None]

    person: Mapped[Person] = relationship()
    changes: Mapped[list["SeatChange"]] = relationship(
        order_by="SeatChange.at, SeatChange.id", foreign_keys="SeatChange.member_id"
    )

    @property
    def seat_now(self) -> Seat | None:
        """The seat in force: the last change's; None for who has left."""
        return self.changes[-1].seat if self.changes else self.seat


class SeatChange(Base):
    """A substitute was called in, or somebody left (no seat): when, why, by which act if there is one. Append-only."""

    __tablename__ = "seat_change"
    __table_args__ = (
        CheckConstraint(WHOLE_ACT, name="whole_act"),
        CheckConstraint("seat IS NULL OR seat <> 'substitute'", name="nobody_waits_again"),
        CheckConstraint("in_place_of_id IS NULL OR in_place_of_id <> member_id", name="of_somebody_else"),
        holding(lazy_("Changes of commissions")),
    )

    member_id: Mapped[UUID] = mapped_column(ForeignKey("commission_member.id"), index=True)
    seat: Mapped[Seat | None] = mapped_column(value_enum(Seat))
    in_place_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("commission_member.id"), index=True)
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", lazy_("reason"), subject="member_id.person_id", mentions=True)
    )
    act_number: Mapped[str | None] = mapped_column(String(80), info=impersonal)
    act_date: Mapped[date | None]
    at: Mapped[datetime]
    made_by: Mapped[UUID | None]
