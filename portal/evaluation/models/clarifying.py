"""Questions of evaluators to applicants, which the office passes on without saying who asks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.applications.models import Application, ApplicationMessage
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.evaluation.clarifying import ClarificationStatus


class Clarification(Stateful, Base):
    """What an evaluator asks, what the office wrote to the applicant, and the message that answers it.

    `told`: the words of the office, to the applicant when it passes the question on, to the evaluators when it does
    not.
    """

    __tablename__ = "clarification"
    __table_args__ = (
        Index("ix_clarification_application_id", "application_id"),
        holding(lazy_("Questions of evaluators to applicants")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    question: Mapped[str] = mapped_column(
        Text, info=personal("selection", lazy_("question to the applicant"), subject="asked_by")
    )
    status: Mapped[ClarificationStatus] = mapped_column(
        value_enum(ClarificationStatus), default=ClarificationStatus.ASKED
    )
    status_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    told: Mapped[str | None] = mapped_column(
        Text,
        info=personal("selection", lazy_("words of the office"), subject="decided_by", erasure=kept(Because.PROCEDURE)),
    )
    sent_id: Mapped[UUID | None] = mapped_column(ForeignKey("application_message.id"), index=True)
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("application_message.id"), index=True)

    application: Mapped[Application] = relationship()
    answer: Mapped[ApplicationMessage | None] = relationship(foreign_keys=[answer_id])

    @property
    def awaits_decision(self) -> bool:
        """Whether chair or office has to say if it goes to the applicant."""
        return self.status is ClarificationStatus.ASKED

    @property
    def awaits_answer(self) -> bool:
        """Whether the applicant was asked and no answer was handed over yet."""
        return self.status is ClarificationStatus.PASSED_ON

    @property
    def guard(self) -> Guard:
        """Staff of its authority, less whoever is in conflict with the application."""
        return Guard(authority_id=self.authority_id, objects=(self.application_id,), is_secret=True)
