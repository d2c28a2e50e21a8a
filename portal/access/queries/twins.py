"""Telling what is live from what is a rehearsal: the one condition that every public list, figure and feed carries."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.access.models import Authority


def is_live(authority_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """That the row belongs to an authority, not to the twin of one where calls are rehearsed."""
    return authority_id.not_in(select(Authority.id).where(Authority.twin_of_id.is_not(None)))


def twin_of(session: Session, authority_id: UUID) -> Authority | None:
    """The twin of an authority, once it has one."""
    return session.scalars(select(Authority).where(Authority.twin_of_id == authority_id)).one_or_none()
