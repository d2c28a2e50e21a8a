"""Final scores opened again, with the reason and the act."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, JsonDocument
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, impersonal, kept, personal


class ScoreReopening(Base):
    """A final sheet that its evaluator may write anew; the sheet itself stays. Append-only.

    `criteria`: those that may change; none named, all of them.
    """

    __tablename__ = "score_reopening"
    __table_args__ = holding(lazy_("Scores opened again"))

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("score_sheet.id"), unique=True)
    criteria: Mapped[list[str]] = mapped_column(JsonDocument, info=impersonal)
    reason: Mapped[str] = mapped_column(
        Text, info=personal("selection", subject="reopened_by", erasure=kept(Because.PROCEDURE))
    )
    act_number: Mapped[str] = mapped_column(String(80))
    act_date: Mapped[date]
    reopened_at: Mapped[datetime]
    reopened_by: Mapped[UUID | None]
