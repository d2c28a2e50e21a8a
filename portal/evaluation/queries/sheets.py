"""Final sheets: the last version of each counts; earlier ones stay to be read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.evaluation.models import Assignment, ScoreSheet
from portal.evaluation.rules import LIVE


def is_last(at: datetime | None = None) -> ColumnElement[bool]:
    """Whether a sheet is the last of its assignment, or was at an instant: the one that a ranking counts."""
    later = aliased(ScoreSheet)
    after = select(later.id).where(later.assignment_id == ScoreSheet.assignment_id, later.version > ScoreSheet.version)
    if at is None:
        return ~after.exists()
    return and_(ScoreSheet.finalised_at <= at, ~after.where(later.finalised_at <= at).exists())


def last_sheets(session: Session, application_ids: Sequence[UUID]) -> list[tuple[Assignment, ScoreSheet]]:
    """The last sheets of live assignments of these applications, in a fixed order."""
    query = (
        select(Assignment, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.application_id.in_(application_ids), Assignment.status.in_(LIVE), is_last())
        .options(joinedload(Assignment.person))
        .order_by(Assignment.application_id, Assignment.id)
    )
    return [(assignment, sheet) for assignment, sheet in session.execute(query)]
