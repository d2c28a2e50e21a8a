"""Who left a final ranking, and the letters that told applicants their outcome."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.applications.models import Application
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.documents.models import StoredFile
from portal.evaluation.afterwards import DepartureCause
from portal.evaluation.models.ranking import Ranking
from portal.register.models import ProtocolEntry


class RankingDeparture(Base):
    """A winner that leaves by an act: what it frees goes down the ranking. Append-only."""

    __tablename__ = "ranking_departure"
    __table_args__ = holding(lazy_("Departures from rankings"))

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    cause: Mapped[DepartureCause] = mapped_column(value_enum(DepartureCause))
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="recorded_by", erasure=kept(Because.PROCEDURE))
    )
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]

    ranking: Mapped[Ranking] = relationship()
    application: Mapped[Application] = relationship()


class OutcomeLetter(Base):
    """The registered letter that tells an applicant its outcome in one version of a ranking. Append-only."""

    __tablename__ = "outcome_letter"
    __table_args__ = (
        UniqueConstraint("ranking_id", "application_id"),
        Index("ix_outcome_letter_application_id", "application_id"),
        holding(lazy_("Letters of outcome")),
    )

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)
    made_at: Mapped[datetime]

    ranking: Mapped[Ranking] = relationship()
    application: Mapped[Application] = relationship()
    file: Mapped[StoredFile] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()

    @property
    def guard(self) -> Guard:
        """The team it tells, and staff of its authority."""
        return Guard(
            authority_id=self.application.authority_id,
            objects=(self.application_id, self.application.organisation_id),
            is_secret=True,
        )
