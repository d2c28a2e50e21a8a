"""Sealing: the only writer of seals. Nobody takes one off: it ends with its instant."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.access.models import Seal


def seal(session: Session, *, object_id: UUID, until: datetime, now: datetime) -> None:
    """Keep what lies under an object from everybody but its team, up to and including an instant."""
    session.add(Seal(object_id=object_id, until=until, sealed_at=now))
    session.flush()


def sealed_until(session: Session, object_ids: Collection[UUID] | Select[UUID]) -> dict[UUID, datetime]:
    """Until when each of these objects is sealed, or was."""
    query = select(Seal.object_id, func.max(Seal.until)).where(Seal.object_id.in_(object_ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(Seal.object_id))}
