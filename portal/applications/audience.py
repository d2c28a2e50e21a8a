"""Whom every step of a call concerns: those who represent or write an application to it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_by_object
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import CallEvent
from portal.calls.rules.publication import CallEventKind

BEFORE_THE_TERM = (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED)
"""Whom an extension, a rectification or an answer concerns; a cancellation concerns everybody who did not withdraw."""


def concerned(session: Session, event: CallEvent, now: datetime) -> Mapping[UUID, str]:
    """People with an open account, each with the path of their application (the first one where they have several)."""
    if event.kind is CallEventKind.PUBLISHED:
        return {}
    query = select(Application.organisation_id, Application.id).where(Application.call_id == event.call_id)
    if event.phase_id is not None:
        query = query.where(Application.phase_id == event.phase_id)
    if event.kind is CallEventKind.CANCELLED:
        query = query.where(Application.status != ApplicationStatus.WITHDRAWN)
    else:
        query = query.where(Application.status.in_(BEFORE_THE_TERM))
    applications = dict(session.execute(query.order_by(Application.id.desc())).all())
    found: dict[UUID, str] = {}
    for organisation, _how, person in people_by_object(session, applications, (Tie.OWNER, Tie.EDITOR), now):
        found.setdefault(person.id, f"/applications/{applications[organisation]}")
    return found
