"""Requests for access to documents: of one applicant, of a phase, those that wait, those one was told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.evaluation.afterwards import DisclosureStatus
from portal.evaluation.models import DisclosureNotice, DisclosureRequest
from portal.evaluation.queries.rankings import published_row

WHOLE = (
    joinedload(DisclosureRequest.application).joinedload(Application.organisation),
    joinedload(DisclosureRequest.protocol_entry),
    joinedload(DisclosureRequest.bundle),
    selectinload(DisclosureRequest.notices)
    .joinedload(DisclosureNotice.application)
    .joinedload(Application.organisation),
)


def requests_of(session: Session, application_id: UUID) -> Sequence[DisclosureRequest]:
    """What one applicant asked for, the newest first."""
    query = select(DisclosureRequest).where(DisclosureRequest.application_id == application_id).options(*WHOLE)
    return session.scalars(query.order_by(DisclosureRequest.id.desc())).unique().all()


def requests_of_phase(session: Session, phase_id: UUID) -> Sequence[DisclosureRequest]:
    """Every request on a phase, those that wait first, then the newest."""
    query = select(DisclosureRequest).where(DisclosureRequest.phase_id == phase_id).options(*WHOLE)
    found = session.scalars(query.order_by(DisclosureRequest.due_on, DisclosureRequest.id)).unique().all()
    return sorted(found, key=lambda each: not each.awaits_decision)


def notices_to(session: Session, application_id: UUID) -> Sequence[DisclosureNotice]:
    """The requests of others that this applicant was told of, while they wait."""
    query = (
        select(DisclosureNotice)
        .join(DisclosureRequest, DisclosureRequest.id == DisclosureNotice.request_id)
        .where(DisclosureNotice.application_id == application_id)
        .where(DisclosureRequest.status == DisclosureStatus.RECEIVED)
        .options(joinedload(DisclosureNotice.request))
        .order_by(DisclosureNotice.id)
    )
    return session.scalars(query).all()


def disclosure(session: Session, request_id: UUID, actor: Actor, action: Action) -> DisclosureRequest:
    """One request for this action; NotFound to whoever may not know of it."""
    found = session.scalars(select(DisclosureRequest).where(DisclosureRequest.id == request_id).options(*WHOLE))
    request = found.unique().one_or_none()
    if request is None:
        raise NotFound
    authorise(actor, action, request)
    return request


def disclosure_locked(session: Session, request_id: UUID, actor: Actor, action: Action) -> DisclosureRequest:
    """The same, locked."""
    session.execute(select(DisclosureRequest.id).where(DisclosureRequest.id == request_id).with_for_update())
    return disclosure(session, request_id, actor, action)


def notice_locked(session: Session, notice_id: UUID, actor: Actor) -> DisclosureNotice:
    """One notice to a counter-interested applicant, locked, for whoever may object."""
    query = select(DisclosureNotice).where(DisclosureNotice.id == notice_id).with_for_update(of=DisclosureNotice)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    authorise(actor, Action.DISCLOSURE_OBJECT, found)
    return found


def notice_of(session: Session, notice_id: UUID, actor: Actor) -> DisclosureNotice:
    """One notice to a counter-interested applicant, for whoever may object."""
    found = session.get(DisclosureNotice, notice_id, options=[joinedload(DisclosureNotice.application)])
    if found is None:
        raise NotFound
    authorise(actor, Action.DISCLOSURE_OBJECT, found)
    return found


@dataclass(frozen=True, slots=True)
class AskingPage:
    """What an applicant asked for, and what others ask that concerns it."""

    application: Application
    requests: Sequence[DisclosureRequest]
    notices: Sequence[DisclosureNotice]
    is_open: bool


def asking_page(session: Session, actor: Actor, application_id: UUID) -> AskingPage:
    """The page for the team and for staff; NotFound to everybody else."""
    whole = (joinedload(Application.call), joinedload(Application.organisation))
    application = session.get(Application, application_id, options=whole)
    if application is None or application.is_draft:
        raise NotFound
    authorise(actor, Action.DISCLOSURE_READ, application)
    is_open = published_row(session, application_id) is not None
    return AskingPage(application, requests_of(session, application_id), notices_to(session, application_id), is_open)
