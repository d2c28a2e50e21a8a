"""The minutes that count, against the allowance."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, Select, cast, func, select

from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.rules import SessionStatus


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of an engagement: confirmed, waiting for the team, disputed, of an allowance."""

    confirmed: int
    waiting: int
    disputed: int
    allowance: int

    @property
    def used(self) -> int:
        """Minutes of every session that took place."""
        return self.confirmed + self.waiting + self.disputed


def hours_of(engagement: Engagement) -> Hours:
    """The minutes of the sessions of an engagement, already read."""
    sums = dict.fromkeys(SessionStatus, 0)
    for each in engagement.sessions:
        sums[each.status] += each.minutes
    return Hours(
        confirmed=sums[SessionStatus.CONFIRMED],
        waiting=sums[SessionStatus.HELD],
        disputed=sums[SessionStatus.DISPUTED],
        allowance=engagement.allowance_minutes,
    )


def confirmed_minutes(applications: Iterable[UUID]) -> Select[UUID, int]:
    """Minutes of coaching that count for the gates of payment, by application: confirmed by the team or its silence."""
    return (
        select(Engagement.application_id, cast(func.sum(CoachingSession.minutes), Integer).label("minutes"))
        .join(CoachingSession, CoachingSession.engagement_id == Engagement.id)
        .where(Engagement.application_id.in_(applications), CoachingSession.status == SessionStatus.CONFIRMED)
        .group_by(Engagement.application_id)
    )
