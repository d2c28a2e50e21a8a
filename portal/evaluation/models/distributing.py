"""What the office says of its evaluators before it gives them applications, and the plans it worked out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import Guard
from portal.calls.models import Phase
from portal.core.db import Base, value_enum
from portal.core.db.stateful import Stateful
from portal.core.i18n import lazy_
from portal.core.privacy import NOBODY, holding, impersonal, personal
from portal.evaluation.distribution import DistributionStatus


class EvaluatorTerms(Base):
    """How many applications of a phase somebody takes at most, and the keys of areas and lines they know."""

    __tablename__ = "evaluator_terms"
    __table_args__ = (
        UniqueConstraint("commission_id", "person_id"),
        CheckConstraint("most IS NULL OR most >= 0", name="most_not_negative"),
        holding(lazy_("Loads and competences of evaluators")),
    )

    commission_id: Mapped[UUID] = mapped_column(ForeignKey("commission.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    most: Mapped[int | None]
    topics: Mapped[list[Any]] = mapped_column(default=list, info=impersonal)


class Distribution(Stateful, Base):
    """A plan of who scores what: the problem as it stood, its seed, and what came of it.

    `outcome`: {"pairs": [[application, person]], "short": {application: count}, "unfit": [application]}.
    """

    __tablename__ = "distribution"
    __table_args__ = (
        UniqueConstraint("phase_id", "number"),
        Index(
            "uq_distribution_open",
            "phase_id",
            unique=True,
            sqlite_where=text("status IN ('asked', 'ready', 'failed')"),
            postgresql_where=text("status IN ('asked', 'ready', 'failed')"),
        ),
        CheckConstraint("outcome IS NOT NULL OR status NOT IN ('ready', 'confirmed')", name="ready_has_outcome"),
        holding(lazy_("Plans of who scores what")),
    )

    authority_id: Mapped[UUID] = mapped_column(ForeignKey("authority.id"), index=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    number: Mapped[int]
    status: Mapped[DistributionStatus] = mapped_column(value_enum(DistributionStatus), default=DistributionStatus.ASKED)
    status_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    seed: Mapped[str] = mapped_column(String(64), info=impersonal)
    together: Mapped[int | None]
    input_document: Mapped[dict[str, Any]] = mapped_column(info=personal("selection", subject=NOBODY))
    input_sha256: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(info=personal("selection", subject=NOBODY))

    phase: Mapped[Phase] = relationship()

    @property
    def guard(self) -> Guard:
        """Staff of its authority."""
        return Guard(authority_id=self.authority_id, objects=(self.id,))
