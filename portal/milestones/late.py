"""Milestones whose day is past and that nobody has reported, for the early warnings of coaching."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.grants.late import Overdue
from portal.milestones.models import Milestone
from portal.milestones.rules import OPEN_TO_REPORT


def late_milestones(session: Session, grant_ids: Collection[UUID], today: date) -> dict[UUID, list[Overdue]]:
    """By grant, the earliest first: one statement."""
    query = (
        select(Milestone.grant_id, Milestone.id, Milestone.title, Milestone.due_on)
        .where(Milestone.grant_id.in_(grant_ids), Milestone.status.in_(OPEN_TO_REPORT), Milestone.due_on < today)
        .order_by(Milestone.due_on, Milestone.id)
    )
    found: dict[UUID, list[Overdue]] = {}
    for grant_id, key, title, due_on in session.execute(query):
        found.setdefault(grant_id, []).append(Overdue(str(key), title, due_on))
    return found
