"""What is asked after the end of a project: the question, its links, its one answer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.coaching.followup.rules import IncomeSource
from portal.core.db import Base, Cents, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal
from portal.grants.models import Grant


class FollowUp(Base):
    """One question to one project, so many months after its end."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("grant_id", "months"),
        CheckConstraint("months BETWEEN 1 AND 60", name="months_plausible"),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    months: Mapped[int]
    opens_on: Mapped[date]

    grant: Mapped[Grant] = relationship()
    links: Mapped[list["FollowUpLink"]] = relationship(order_by="FollowUpLink.sent_at", back_populates="follow_up")
    answer: Mapped["FollowUpAnswer | None"] = relationship(back_populates="follow_up")

    @property
    def guard(self) -> Guard:
        """The office of its authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.grant_id, self.grant.application_id, self.grant.organisation_id),
            is_secret=True,
        )


class FollowUpLink(Base):
    """A link that was sent: its token is known here by its hash alone. A new one makes the former void."""

    __tablename__ = "follow_up_link"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="a_hash"),
        CheckConstraint("sent_at < expires_at", name="ends_after_it_begins"),
        holding(lazy_("Links of questions after the end")),
    )

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=impersonal)
    sent_at: Mapped[datetime]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    void_at: Mapped[datetime | None]

    follow_up: Mapped[FollowUp] = relationship(back_populates="links")


class FollowUpAnswer(Base):
    """What a project told, once. Append-only."""

    __tablename__ = "follow_up_answer"
    __table_args__ = (
        CheckConstraint("0 <= disadvantaged AND disadvantaged <= jobs", name="disadvantaged_among_jobs"),
        CheckConstraint("is_alive OR jobs = 0", name="no_jobs_without_life"),
        holding(lazy_("Answers after the end of a project")),
    )

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"), unique=True)
    link_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_link.id"), unique=True)
    answered_at: Mapped[datetime]
    is_alive: Mapped[bool]
    jobs: Mapped[int]
    disadvantaged: Mapped[int]
    helped: Mapped[str | None] = mapped_column(Text, info=personal("coaching", subject=NOBODY))

    follow_up: Mapped[FollowUp] = relationship(back_populates="answer")
    income: Mapped[list["FollowUpIncome"]] = relationship(order_by="FollowUpIncome.source")

    @property
    def income_cents(self) -> int:
        """Income of every source."""
        return sum(each.cents for each in self.income)


class FollowUpIncome(Base):
    """Income of one source in the months that were asked about. Append-only."""

    __tablename__ = "follow_up_income"
    __table_args__ = (UniqueConstraint("answer_id", "source"), CheckConstraint("cents > 0", name="cents_positive"))

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_answer.id"))
    source: Mapped[IncomeSource] = mapped_column(value_enum(IncomeSource))
    cents: Mapped[int] = mapped_column(Cents)
