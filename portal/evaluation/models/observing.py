"""What applicants write on a provisional ranking, and what the office replies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.applications.models import Application
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.evaluation.afterwards import ObservationKind
from portal.evaluation.models.ranking import Ranking
from portal.register.models import ProtocolEntry


class Observation(Base):
    """An observation or a request for review of one application's provisional result. Append-only."""

    __tablename__ = "ranking_observation"
    __table_args__ = (
        Index("ix_ranking_observation_application_id", "application_id"),
        holding(lazy_("Observations on rankings")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[ObservationKind] = mapped_column(value_enum(ObservationKind))
    text: Mapped[str] = mapped_column(
        Text, info=personal("application", subject="sent_by", export="subject", erasure=kept(Because.REGISTERED))
    )
    sent_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)

    ranking: Mapped[Ranking] = relationship()
    application: Mapped[Application] = relationship()
    protocol_entry: Mapped[ProtocolEntry] = relationship()
    reply: Mapped["ObservationReply | None"] = relationship()

    @property
    def awaits_reply(self) -> bool:
        """Whether the office still has to reply."""
        return self.reply is None

    @property
    def guard(self) -> Guard:
        """The team that wrote it, and staff of its authority; nobody else knows of it."""
        return Guard(
            authority_id=self.authority_id,
            objects=(self.application_id, self.application.organisation_id),
            is_secret=True,
        )


class ObservationReply(Base):
    """What the office replied, with its reasons; accepted, the ranking is computed anew. Append-only."""

    __tablename__ = "observation_reply"
    __table_args__ = holding(lazy_("Replies to observations"))

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("ranking_observation.id"), unique=True)
    is_accepted: Mapped[bool]
    text: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="replied_by", erasure=kept(Because.PROCEDURE))
    )
    replied_at: Mapped[datetime]
    replied_by: Mapped[UUID | None]
    protocol_entry_id: Mapped[UUID] = mapped_column(ForeignKey("protocol_entry.id"), unique=True)

    protocol_entry: Mapped[ProtocolEntry] = relationship()
