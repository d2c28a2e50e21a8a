"""The rounds of an evaluation, each begun by an act."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal


class RoundChange(Base):
    """From here on evaluators of a phase see what this round of its design shows. Append-only."""

    __tablename__ = "round_change"
    __table_args__ = (UniqueConstraint("phase_id", "round_key"), holding(lazy_("Rounds of evaluations")))

    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    round_key: Mapped[str] = mapped_column(String(64), info=impersonal)
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    begun_at: Mapped[datetime]
    begun_by: Mapped[UUID | None]
