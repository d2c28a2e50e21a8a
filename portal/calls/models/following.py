"""Who wants to hear of calls, and who was told of what."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.models import Authority
from portal.calls.models.call import Call
from portal.core.db import Base
from portal.core.i18n import lazy_
from portal.core.privacy import holding

LIVE = text("until IS NULL")


class CallSubscription(Base):
    """Somebody wants to hear of one call, or of every call of an authority, until they say otherwise."""

    __tablename__ = "call_subscription"
    __table_args__ = (
        Index(
            "uq_call_subscription_call", "person_id", "call_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        ),
        Index(
            "uq_call_subscription_authority", "person_id", "authority_id", unique=True, sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_call_subscription_call_id", "call_id"),
        Index("ix_call_subscription_authority_id", "authority_id"),
        CheckConstraint("(call_id IS NULL) <> (authority_id IS NULL)", name="of_one_thing"),
        holding(lazy_("Calls you follow")),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authority.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    call: Mapped[Call | None] = relationship()
    authority: Mapped[Authority | None] = relationship()


class CallDelivery(Base):
    """One person was told of one event, once: a job that runs again finds this row and passes on."""

    __tablename__ = "call_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        holding(lazy_("Messages about calls")),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("call_event.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
