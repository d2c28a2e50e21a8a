"""Marks that the evaluators of an application agreed on in place of their mean."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased, selectinload

from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.core.errors import NotFound
from portal.evaluation.agreeing import AgreementStatus
from portal.evaluation.models import AgreedMark, Assignment
from portal.evaluation.rules import LIVE, AssignmentStatus


def agreed_marks(session: Session, application_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """The mark that holds by (application, criterion), in hundredths of what was given: a mark, or points.

    Where there is one it takes the place of the mean, for that criterion alone.
    """
    query = (
        select(AgreedMark.application_id, AgreedMark.criterion, AgreedMark.given_hundredths)
        .where(AgreedMark.status == AgreementStatus.AGREED, AgreedMark.application_id.in_(application_ids))
        .order_by(AgreedMark.application_id, AgreedMark.criterion)
    )
    return {(application, criterion): given for application, criterion, given in session.execute(query)}


def to_be_agreed() -> ColumnElement[bool]:
    """Whether an assignment is final, as are all of its application, which still does not count as scored."""
    other = aliased(Assignment)
    writing = select(other.id).where(
        other.application_id == Assignment.application_id,
        other.status.in_(LIVE),
        other.status != AssignmentStatus.FINALISED,
    )
    return and_(
        Assignment.status == AssignmentStatus.FINALISED,
        Application.status == ApplicationStatus.ADMISSIBLE,
        ~writing.exists(),
    )


def mark_for_update(session: Session, mark_id: UUID) -> AgreedMark:
    """A mark with its assents, locked, or NotFound; whose it is, the caller asks."""
    query = (
        select(AgreedMark)
        .where(AgreedMark.id == mark_id)
        .options(selectinload(AgreedMark.assents))
        .with_for_update(of=AgreedMark)
        .execution_options(populate_existing=True)
    )
    mark = session.scalars(query).one_or_none()
    if mark is None:
        raise NotFound
    return mark
