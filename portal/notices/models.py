"""One line of somebody's inbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal
from portal.core.privacy.purposes import NOTICES_KEPT


class Notice(Base):
    """What happened, in both languages, with the page that shows it."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_at", "person_id", "at"),
        holding(lazy_("Inbox"), kept=NOTICES_KEPT, since="at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[dict[str, Any]] = mapped_column(info=personal("notices", mentions=True))
    path: Mapped[str] = mapped_column(String(300), info=impersonal)
    read_at: Mapped[datetime | None]
