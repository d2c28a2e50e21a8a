"""What is published of grants, the newest version of each."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.grants.models import GrantPublication


def publications_of(session: Session, grant_ids: Sequence[UUID]) -> dict[UUID, GrantPublication]:
    """The newest text of each of these grants, by its key; one statement."""
    query = select(GrantPublication).where(GrantPublication.grant_id.in_(grant_ids))
    rows = session.scalars(query.order_by(GrantPublication.grant_id, GrantPublication.version))
    return {row.grant_id: row for row in rows}
