"""Reserves on which applications were admitted: those that nobody decided yet."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.applications.models import AdmissibilityReserve, Application, ReserveOutcome
from portal.applications.rules import LEFT


def open_reserves(session: Session, phase_id: UUID) -> frozenset[UUID]:
    """The applications of a phase whose reserve is open."""
    return frozenset(session.scalars(_open().where(Application.phase_id == phase_id)))


def has_open_reserve(session: Session, application_id: UUID) -> bool:
    """Whether what it won still hangs on a condition."""
    return session.scalars(_open().where(Application.id == application_id)).first() is not None


def _open() -> Select[UUID]:
    return (
        select(AdmissibilityReserve.application_id)
        .join(Application, Application.id == AdmissibilityReserve.application_id)
        .outerjoin(ReserveOutcome, ReserveOutcome.reserve_id == AdmissibilityReserve.id)
        .where(ReserveOutcome.id.is_(None), Application.status.not_in(LEFT))
        .order_by(AdmissibilityReserve.application_id)
    )
