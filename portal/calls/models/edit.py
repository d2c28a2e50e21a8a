"""The history of a draft: every change of the designer, with what stood there before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.calls.designer.editing import EditKind
from portal.core.db import Base, value_enum
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal


class CallEdit(Base):
    """One change of a draft at one place: what stood there, what stands there since. Append-only.

    `before` and `after` are {"value": …}, empty where there was nothing. An empty place is the whole design.
    `takes_back` is the number of the change that this one undid.
    """

    __tablename__ = "call_edit"
    __table_args__ = (
        UniqueConstraint("call_id", "sequence"),
        UniqueConstraint("call_id", "takes_back"),
        CheckConstraint("takes_back < sequence", name="takes_back_an_earlier_one"),
        holding(lazy_("Changes to drafts of calls")),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    kind: Mapped[EditKind] = mapped_column(value_enum(EditKind))
    place: Mapped[str] = mapped_column(String(200), info=impersonal)
    before: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    after: Mapped[dict[str, Any]] = mapped_column(info=impersonal)
    takes_back: Mapped[int | None]
