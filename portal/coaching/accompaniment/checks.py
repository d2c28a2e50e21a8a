"""Invariants of accompaniments: hours are those of the register, and nobody is invited below the minimum in silence."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.applications.gates import needed_minutes
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.coaching.accompaniment.queries import attended_minutes
from portal.coaching.models import AccompanimentClosing, Meeting


def broken(session: Session) -> Iterator[str]:
    """One line for each application whose hours or invitation the register does not bear out."""
    query = select(Meeting).options(selectinload(Meeting.attendances)).order_by(Meeting.phase_id, Meeting.starts_at)
    meetings = session.scalars(query).all()
    noted = {each.application_id for meeting in meetings for each in meeting.attendances}
    counted = select(Application).where(
        Application.id.in_(noted) | (Application.attended_minutes > 0) | Application.invited_at.is_not(None)
    )
    for each in session.scalars(counted.options(joinedload(Application.phase)).order_by(Application.reference)):
        found = attended_minutes([one for one in meetings if one.phase_id == each.phase_id], each.id)
        if found != each.attended_minutes:
            yield f"coaching: {each.reference} counts {each.attended_minutes} minutes attended, the register {found}"
        yield from _invitation(each)
    yield from _closings(session)


def _invitation(application: Application) -> Iterator[str]:
    declared = application.phase.accompaniment
    if application.invited_at is None or application.invited_reason is not None or declared is None:
        return
    if application.attended_minutes < needed_minutes(declared):
        yield f"coaching: {application.reference} was invited below the minimum without a reason"


def _closings(session: Session) -> Iterator[str]:
    """A closed accompaniment belongs to a phase that has one, and left nobody out who had reached the minimum."""
    query = select(AccompanimentClosing, Phase).join(Phase, Phase.id == AccompanimentClosing.phase_id)
    for closing, phase in session.execute(query.order_by(AccompanimentClosing.id)):
        left_out = select(Application.reference).where(
            Application.phase_id == phase.id,
            Application.status == ApplicationStatus.SELECTED,
            Application.invited_at.is_(None),
            Application.attended_minutes >= closing.needed_minutes,
        )
        for reference in session.scalars(left_out.order_by(Application.reference)):
            yield f"coaching: {reference} attended enough and was not invited when the accompaniment was closed"
