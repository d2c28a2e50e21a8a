"""Requests to complete an application and their answers; what others of the phase were asked for the same faults."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Organisation
from portal.access.policy import Tie
from portal.applications.admissibility import Mendable, Parity, Treated, Treatment, mendable_in
from portal.applications.models import (
    AdmissibilityDecision,
    Application,
    IntegrationAttempt,
    IntegrationItem,
    IntegrationReply,
    IntegrationRequest,
)
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import QuestionType

MOST_OTHERS = 200
MOST_ATTEMPTS = 5
WHOLE = (
    selectinload(IntegrationRequest.items).joinedload(IntegrationItem.file),
    joinedload(IntegrationRequest.extension),
    joinedload(IntegrationRequest.protocol_entry),
    joinedload(IntegrationRequest.reply).joinedload(IntegrationReply.protocol_entry),
)


def request_of(session: Session, application: Application) -> IntegrationRequest | None:
    """The request about the registered version that counts; rights are the caller's to check."""
    submission = application.submission
    if submission is None:
        return None
    query = select(IntegrationRequest).where(IntegrationRequest.submission_id == submission.id)
    return session.scalars(query.options(*WHOLE)).unique().one_or_none()


def request_locked(session: Session, application: Application) -> IntegrationRequest | None:
    """The same, as the database has it; the application is locked already."""
    found = request_of(session, application)
    if found is not None:
        session.refresh(found)
        for item in found.items:
            session.refresh(item)
    return found


def may_be_answered(application: Application, request: IntegrationRequest, now: datetime) -> bool:
    """Whether the team may still answer: it waits to be completed, and the term runs."""
    return application.status is ApplicationStatus.INTEGRATION_REQUESTED and request.is_open(now)


def mendable_of(session: Session, application: Application) -> list[Mendable]:
    """What may be asked of this applicant."""
    return mendable_in(application.design, form_of(session, application.sheet))


def keys_missing(session: Session, application: Application) -> list[str]:
    """What may be mended and is not there: documents that the call needs of this applicant, declarations not made."""
    submission = application.submission
    if submission is None:
        return []
    content, kind = submission.content, application.entered_as[0]
    needed = {each.key for each in application.design.documents_requested if kind in each.required_for}
    there = {file["document"] for file in content["files"]}
    unmade = {
        answer["key"]
        for section in content["sections"]
        for answer in section["answers"]
        if answer["type"] == QuestionType.DECLARATION.value and not answer["value"]
    }
    gone = (needed - there) | unmade
    return [each.key for each in mendable_of(session, application) if each.key in gone]


def integration_files(application_id: UUID, *, sent_only: bool) -> Select[Any]:
    """The files given to the requests about an application; of those that were sent alone, for the office."""
    query = (
        select(IntegrationItem.file_id)
        .join(IntegrationRequest, IntegrationRequest.id == IntegrationItem.request_id)
        .where(IntegrationRequest.application_id == application_id, IntegrationItem.file_id.is_not(None))
    )
    return query.where(IntegrationRequest.reply.has()) if sent_only else query


def attempts_of(session: Session, request: IntegrationRequest) -> Sequence[IntegrationAttempt]:
    """The newest refused answers, newest first."""
    query = select(IntegrationAttempt).where(IntegrationAttempt.request_id == request.id)
    return session.scalars(query.order_by(IntegrationAttempt.id.desc()).limit(MOST_ATTEMPTS)).all()


def parity_of(
    session: Session, application: Application, actor: Actor, keys: Collection[str], days: int | None
) -> Parity:
    """How others of the phase were treated for these faults: who was asked the same, who was refused unasked.

    Applications with which the reader has a conflict are left out.
    """
    if not keys:
        return Parity([], days)
    apart = actor.objects_tied_as(Tie.CONFLICTED)
    others = [*_asked(session, application, keys), *_refused(session, application, keys)]
    return Parity([each for each, ids in others if not ids & apart], days)


def _asked(session: Session, application: Application, keys: Collection[str]) -> list[tuple[Treated, set[UUID]]]:
    query = (
        select(Application, Organisation.name, IntegrationItem.key, IntegrationRequest.days)
        .join(IntegrationRequest, IntegrationRequest.application_id == Application.id)
        .join(IntegrationItem, IntegrationItem.request_id == IntegrationRequest.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.phase_id == application.phase_id, Application.id != application.id)
        .where(IntegrationItem.key.in_(list(keys)))
        .order_by(Application.reference, IntegrationItem.key)
        .limit(MOST_OTHERS)
    )
    return [
        (Treated(each.id, each.reference, name, key, Treatment.ASKED, days), {each.id, each.organisation_id})
        for each, name, key, days in session.execute(query)
    ]


def _refused(session: Session, application: Application, keys: Collection[str]) -> list[tuple[Treated, set[UUID]]]:
    """Who was refused on a point to which one of these things belongs, and was never asked for anything."""
    points = {each.point.value: each.key for each in mendable_of(session, application) if each.key in keys}
    asked = select(IntegrationRequest.id).where(IntegrationRequest.application_id == Application.id)
    query = (
        select(Application, Organisation.name, AdmissibilityDecision.checklist)
        .join(AdmissibilityDecision, AdmissibilityDecision.application_id == Application.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.phase_id == application.phase_id, Application.id != application.id)
        .where(Application.status == ApplicationStatus.INADMISSIBLE, ~asked.exists())
        .order_by(Application.reference)
        .limit(MOST_OTHERS)
    )
    found = []
    for each, name, checklist in session.execute(query):
        for point, key in points.items():
            if point in checklist and not checklist[point]["decided"]:
                treated = Treated(each.id, each.reference, name, key, Treatment.REFUSED)
                found.append((treated, {each.id, each.organisation_id}))
    return found
