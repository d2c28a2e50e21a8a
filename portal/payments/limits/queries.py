"""Limits in force, and what a person has released today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.grants.rules import end_of_day, local_day
from portal.payments.limits.models import ReleaseLimit
from portal.payments.models import Tranche
from portal.payments.rules import RELEASED


@dataclass(frozen=True, slots=True)
class Room:
    """The limit that holds for a person, and how much of it today's releases have taken."""

    limit_cents: int | None
    released_cents: int = 0

    def holds(self, cents: int) -> bool:
        """Whether so much more stays within it."""
        return self.limit_cents is None or self.released_cents + cents <= self.limit_cents


def limit_for(
    session: Session, authority_id: UUID, person_id: UUID | None, *, lock: bool = False
) -> ReleaseLimit | None:
    """The person's own limit, else that of everybody; None where neither is set. `lock`: one release at a time."""
    own = _newest(authority_id).where(ReleaseLimit.person_id == person_id).limit(1)
    general = _newest(authority_id).where(ReleaseLimit.person_id.is_(None)).limit(1)
    for query in (own, general):
        found = session.scalars(query.with_for_update() if lock else query).one_or_none()
        if found is not None and found.cents is not None:
            return found
    return None


def room_of(session: Session, authority_id: UUID, person_id: UUID | None, now: datetime, *, lock: bool = False) -> Room:
    """How much this person may still release today, by Rome's calendar."""
    limit = limit_for(session, authority_id, person_id, lock=lock)
    if limit is None:
        return Room(None)
    begins = end_of_day(local_day(now) - timedelta(days=1)) + timedelta(seconds=1)
    released = select(func.coalesce(func.sum(Tranche.amount_cents), 0)).where(
        Tranche.authority_id == authority_id,
        Tranche.status.in_(RELEASED),
        Tranche.approved_by == person_id,
        Tranche.approved_at >= begins,
    )
    return Room(limit.cents, int(session.scalars(released).one()))


def limits_in_force(session: Session, authority_id: UUID) -> list[ReleaseLimit]:
    """The newest limit of everybody, then of each person, by name; one that was taken away is not listed."""
    rows: Sequence[ReleaseLimit] = session.scalars(
        _newest(authority_id).options(joinedload(ReleaseLimit.person), joinedload(ReleaseLimit.setter))
    ).all()
    newest: dict[UUID | None, ReleaseLimit] = {}
    for row in rows:
        newest.setdefault(row.person_id, row)
    standing = [row for row in newest.values() if row.cents is not None]
    return sorted(standing, key=lambda row: (row.person is not None, row.person.name if row.person else ""))


def _newest(authority_id: UUID) -> Select[ReleaseLimit]:
    query = select(ReleaseLimit).where(ReleaseLimit.authority_id == authority_id)
    return query.order_by(ReleaseLimit.set_at.desc(), ReleaseLimit.id.desc())
