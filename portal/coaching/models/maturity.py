"""Moments at which a team is rated, and the ratings of its two sides."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.calls.rules.design import MaturityMoment
from portal.coaching.maturity.rules import Side
from portal.core.db import Base, JsonDocument, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.grants.models import Grant


class Assessment(Base):
    """One moment at which a team is rated, by itself and by its coach."""

    __tablename__ = "maturity_assessment"
    __table_args__ = (
        UniqueConstraint("grant_id", "moment"),
        CheckConstraint("opens_on <= due_on", name="opens_before_it_is_due"),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant_award.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    moment: Mapped[MaturityMoment] = mapped_column(value_enum(MaturityMoment))
    opens_on: Mapped[date]
    due_on: Mapped[date]

    grant: Mapped[Grant] = relationship()
    ratings: Mapped[list["Rating"]] = relationship(back_populates="assessment", order_by="Rating.side")

    @property
    def guard(self) -> Guard:
        """Its team and coach by tie; officers and auditors of its authority."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.id, self.grant_id, self.application_id, self.organisation_id),
            is_secret=True,
            team=self.organisation_id,
        )

    @property
    def finals(self) -> dict[Side, "Rating"]:
        """The ratings that are given for good, by side."""
        return {each.side: each for each in self.ratings if each.final_at is not None}

    def rating_of(self, side: Side) -> "Rating | None":
        """The rating of a side, draft or final."""
        return next((each for each in self.ratings if each.side is side), None)


class Rating(Base):
    """How one side rates: a level for each dimension, and words where it wants. A final one never changes."""

    __tablename__ = "maturity_rating"
    __table_args__ = (
        UniqueConstraint("assessment_id", "side"),
        CheckConstraint("version > 0", name="version_positive"),
        holding(lazy_("Ratings of maturity")),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("maturity_assessment.id"))
    side: Mapped[Side] = mapped_column(value_enum(Side))
    levels: Mapped[dict[str, int]] = mapped_column(JsonDocument, info=impersonal)
    words: Mapped[dict[str, str]] = mapped_column(JsonDocument, info=personal("coaching", subject="saved_by"))
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    final_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}

    assessment: Mapped[Assessment] = relationship(back_populates="ratings")
