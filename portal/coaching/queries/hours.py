"""The minutes that count, against the allowance."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, Select, cast, func, select
from sqlalchemy.orm import Session

from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.rules import COUNTED, SessionStatus


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of a team: confirmed, waiting for the team, disputed, of an allowance; `earlier` with earlier coaches.

    A session of several teams counts whole for each of them.
    """

    confirmed: int
    waiting: int
    disputed: int
    allowance: int
    earlier: int = 0

    @property
    def used(self) -> int:
        """Minutes of every session that took place."""
        return self.confirmed + self.waiting + self.disputed + self.earlier

    @property
    def left(self) -> int:
        """Minutes that may still be used; 0 where too many were."""
        return max(0, self.allowance - self.used)


def hours_of(engagement: Engagement, earlier: int = 0) -> Hours:
    """The minutes of the sessions of an engagement, already read."""
    sums = dict.fromkeys(SessionStatus, 0)
    for each in engagement.sessions:
        sums[each.status] += each.minutes
    return Hours(
        confirmed=sums[SessionStatus.CONFIRMED],
        waiting=sums[SessionStatus.HELD],
        disputed=sums[SessionStatus.DISPUTED],
        allowance=engagement.allowance_minutes,
        earlier=earlier,
    )


def minutes_used(session: Session, application_id: UUID) -> int:
    """What the team used so far, with all its coaches: confirmed, waiting and disputed."""
    query = (
        select(func.coalesce(func.sum(CoachingSession.minutes), 0))
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .where(Engagement.application_id == application_id, CoachingSession.status.in_(COUNTED))
    )
    return int(session.scalar(query) or 0)


def minutes_with_earlier_coaches(session: Session, engagement: Engagement) -> int:
    """What the team used with the coaches before this one: it stays used."""
    query = (
        select(func.coalesce(func.sum(CoachingSession.minutes), 0))
        .join(Engagement, Engagement.id == CoachingSession.engagement_id)
        .where(Engagement.application_id == engagement.application_id, Engagement.id != engagement.id)
        .where(Engagement.until <= engagement.since, CoachingSession.status.in_(COUNTED))
    )
    return int(session.scalar(query) or 0)


def confirmed_minutes(applications: Iterable[UUID]) -> Select[UUID, int]:
    """Minutes of coaching that count for the gates of payment, by application: confirmed by the team or its silence."""
    return (
        select(Engagement.application_id, cast(func.sum(CoachingSession.minutes), Integer).label("minutes"))
        .join(CoachingSession, CoachingSession.engagement_id == Engagement.id)
        .where(Engagement.application_id.in_(applications), CoachingSession.status == SessionStatus.CONFIRMED)
        .group_by(Engagement.application_id)
    )
