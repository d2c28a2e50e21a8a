"""The coaching of any number of teams in one statement: who coaches, minutes used and waiting, the last session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.coaching.models import CoachingSession, Engagement
from portal.coaching.rules import COUNTED, Coached, SessionStatus


def coached_of(session: Session, applications: Sequence[UUID]) -> dict[UUID, Coached]:
    """The teams that have a coach or had one, by application."""
    found: dict[UUID, Coached] = {}
    for application, *row in session.execute(_engagements(applications)):
        found[application] = _with(found.get(application, Coached()), *row)
    return found


def _with(
    earlier: Coached, engagement: UUID, until: datetime | None, coach: str, allowance: int, used: int, waiting: int,
    last: datetime | None,
) -> Coached:  # fmt: skip
    is_live = until is None
    return Coached(
        coach=coach if is_live else earlier.coach,
        engagement_id=engagement if is_live else earlier.engagement_id,
        used=earlier.used + used,
        waiting=earlier.waiting + waiting,
        allowance=allowance if is_live else earlier.allowance,
        last=max(filter(None, (earlier.last, last)), default=None),
    )


def _engagements(applications: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    counted = CoachingSession.status.in_(COUNTED)
    return (
        select(
            Engagement.application_id,
            Engagement.id,
            Engagement.until,
            Person.name,
            Engagement.allowance_minutes,
            _minutes(counted),
            _minutes(CoachingSession.status == SessionStatus.HELD),
            func.max(case((counted, CoachingSession.starts_at)), type_=CoachingSession.starts_at.type),
        )
        .join(Person, Person.id == Engagement.coach_id)
        .outerjoin(CoachingSession, CoachingSession.engagement_id == Engagement.id)
        .where(Engagement.application_id.in_(applications))
        .group_by(Engagement.id, Person.name)
        .order_by(Engagement.since)
    )


def _minutes(which: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((which, CoachingSession.minutes), else_=0)), 0), Integer)
