"""Which irregularities are open."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.payments.irregularities.models import Irregularity


def open_by_grant(grant_ids: Iterable[UUID]) -> Select[UUID, int]:
    """How many irregularities of each of these grants are open; a grant without one is not in the answer."""
    query = select(Irregularity.grant_id, func.count(Irregularity.id).label("open_count"))
    return query.where(Irregularity.grant_id.in_(grant_ids), Irregularity.closed_at.is_(None)).group_by(
        Irregularity.grant_id
    )
