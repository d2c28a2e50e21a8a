"""Tying people to objects: the only writer of tie rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import TieRow
from portal.access.policy import Tie


def tie(session: Session, *, person_id: UUID, tie: Tie, object_type: str, object_id: UUID, now: datetime) -> None:
    """Bind a person to an object from now on; a live tie stays as it is."""
    query = select(TieRow.id).where(
        TieRow.person_id == person_id,
        TieRow.tie == tie,
        TieRow.object_id == object_id,
        TieRow.until.is_(None),
    )
    if session.scalar(query) is None:
        session.add(TieRow(person_id=person_id, tie=tie, object_type=object_type, object_id=object_id, since=now))
        session.flush()


def untie(session: Session, *, person_id: UUID, tie: Tie, object_id: UUID, now: datetime) -> None:
    """End a person's tie to an object; the row stays."""
    query = select(TieRow).where(
        TieRow.person_id == person_id,
        TieRow.tie == tie,
        TieRow.object_id == object_id,
        TieRow.until.is_(None),
    )
    for row in session.scalars(query):
        row.until = now
