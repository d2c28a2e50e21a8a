"""Reading plans: the one in force on a day, all versions, and what a new version starts from."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.grants.models import Grant, PlanVersion
from portal.grants.rules import end_of_day


def plan_on(session: Session, grant: Grant, day: date) -> PlanVersion | None:
    """The version in force at the end of a day in Rome; None before the first one.

    What is answered for a day that is over never changes: a later version begins later.
    """
    query = (
        select(PlanVersion)
        .where(PlanVersion.grant_id == grant.id, PlanVersion.in_force_from <= end_of_day(day))
        .order_by(PlanVersion.number.desc())
    )
    return session.scalars(query).first()


def plan_in_force(session: Session, grant_id: UUID) -> PlanVersion | None:
    """The newest version."""
    query = select(PlanVersion).where(PlanVersion.grant_id == grant_id).order_by(PlanVersion.number.desc())
    return session.scalars(query).first()


def versions_of(session: Session, grant_id: UUID) -> Sequence[PlanVersion]:
    """Every version, in order."""
    query = select(PlanVersion).where(PlanVersion.grant_id == grant_id).order_by(PlanVersion.number)
    return session.scalars(query).all()
