"""Assignments, declarations, scores."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Person
from portal.access.policy import Guard
from portal.applications.models import Application
from portal.core.db import Base, StoredText, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import holding, personal
from portal.evaluation.rules import AssignmentStatus


class Assignment(Stateful, Base):
    """One evaluator and one application."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        Index("ix_assignment_person_id_status", "person_id", "status"),
        holding(lazy_("Applications to score")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    status: Mapped[AssignmentStatus] = mapped_column(value_enum(AssignmentStatus), default=AssignmentStatus.ASSIGNED)
    status_at: Mapped[datetime]

    application: Mapped[Application] = relationship()
    person: Mapped[Person] = relationship()
    scores: Mapped[list["Score"]] = relationship(order_by="Score.criterion")

    @property
    def awaits_declaration(self) -> bool:
        """Whether nothing of the proposal may be shown yet."""
        return self.status is AssignmentStatus.ASSIGNED

    @property
    def is_final(self) -> bool:
        """Whether the scores are closed for good."""
        return self.status is AssignmentStatus.FINALISED

    @property
    def is_reopened(self) -> bool:
        """Whether final scores are to be written anew."""
        return self.status is AssignmentStatus.REOPENED

    @property
    def guard(self) -> Guard:
        """The evaluator by tie to the application; a conflict closes it. Its existence is a secret to all others."""
        return Guard(authority_id=self.authority_id, objects=(self.application_id,), is_secret=True)


class Score(Base):
    """What an evaluator wrote under one criterion, with its reason; either may still be missing.

    `points_hundredths` is what was given, in hundredths: the mark, where the criterion has a scale of its own; else the
    points, which of levels tell the level.
    """

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("assignment_id", "criterion"),
        CheckConstraint("points_hundredths >= 0", name="points_not_negative"),
        CheckConstraint("version > 0", name="version_positive"),
        holding(lazy_("Draft scores")),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    criterion: Mapped[str] = mapped_column(String(64))
    points_hundredths: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, info=personal("selection", subject="assignment_id.person_id"))
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class ScoreSheet(Base):
    """An evaluator's finalised scores of one application. Append-only (P12): opened again, a new version stands beside.

    `scores` by criterion: {"points": hundredths, "reason": text}, with "mark" (hundredths) where the criterion has a
    scale of its own, of which `points` are then what it is worth, rounded for reading; and "level" where it has levels.
    `given` says once more, without reasons, what was given under each criterion, in hundredths: the mark where there is
    one, else the points. A ranking reads tens of thousands of sheets.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("assignment_id", "version"), holding(lazy_("Final scores")))

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    scores: Mapped[dict[str, Any]] = mapped_column(info=personal("selection", subject="assignment_id.person_id"))
    given: Mapped[dict[str, int]] = mapped_column(
        StoredText, server_default="{}", info=personal("selection", subject="assignment_id.person_id")
    )
    total_hundredths: Mapped[int]
    finalised_at: Mapped[datetime]
