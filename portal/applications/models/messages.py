"""Messages between a team and the office, in the file of an application."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.messages.rules import Side
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import Because, holding, kept, personal
from portal.documents.models import StoredFile


class ApplicationMessage(Base):
    """What one side wrote to the other. Append-only.

    The words of the team go with the person who wrote them; those of the office are part of its procedure and stay.
    """

    __tablename__ = "application_message"
    __table_args__ = (
        Index("ix_application_message_application_id_id", "application_id", "id"),
        CheckConstraint(
            "(side = 'team') = (office_text IS NULL) AND (side = 'team' OR team_text IS NULL)", name="one_side_writes"
        ),
        holding(lazy_("Messages about applications")),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    at: Mapped[datetime]
    side: Mapped[Side] = mapped_column(value_enum(Side))
    written_by: Mapped[UUID | None]
    team_text: Mapped[str | None] = mapped_column(
        Text, info=personal("application", lazy_("message"), subject="written_by", export="subject", erasure="blank")
    )
    office_text: Mapped[str | None] = mapped_column(
        Text, info=personal("selection", lazy_("message"), subject="written_by", erasure=kept(Because.PROCEDURE))
    )

    files: Mapped[list["MessageFile"]] = relationship(order_by="MessageFile.position")

    @property
    def text(self) -> str | None:
        """What was written; None once it was erased with its writer."""
        return self.team_text if self.side is Side.TEAM else self.office_text


class MessageFile(Base):
    """A file that came with a message, and with no other. Append-only."""

    __tablename__ = "message_file"
    __table_args__ = (
        UniqueConstraint("message_id", "position"),
        UniqueConstraint("file_id"),
        CheckConstraint("position >= 1", name="counted_from_one"),
        holding(lazy_("Files of messages")),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("application_message.id"))
    position: Mapped[int]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))

    file: Mapped[StoredFile] = relationship()
