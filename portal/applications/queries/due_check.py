"""What is due while applications are checked: answers of teams, and for officers what arrived, lapsed or falls due."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.access.policy import Role, Tie
from portal.applications.inbox.scope import apart_of
from portal.applications.models import (
    AdmissibilityReserve,
    Application,
    IntegrationExtension,
    IntegrationReply,
    IntegrationRequest,
    RejectionNotice,
    RejectionObservations,
)
from portal.applications.rules import UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Call
from portal.core.actor import Actor
from portal.core.i18n import _, in_language
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

SOON = timedelta(days=14)
LAST_INSTANT = func.coalesce(IntegrationExtension.due_at, IntegrationRequest.due_at)
OPEN = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.INTEGRATION_REQUESTED})


def asks(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Requests and notices to answer (teams); answers that arrived, terms that ended, reserves (officers)."""
    if actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR):
        yield _to_complete(actor, now)
        yield _to_object(actor, now)
    if actor.authorities_as(Role.OFFICER):
        yield _completed(actor)
        yield _lapsed(actor, now)
        yield _reserves(actor, now)


def _to_complete(actor: Actor, now: datetime) -> Ask:
    mine = actor.objects_tied_as(Tie.OWNER) | actor.objects_tied_as(Tie.EDITOR)
    columns = line(id=Application.id, name=Application.title, title=Call.title, at=LAST_INSTANT)
    query = (
        select(*columns)
        .select_from(IntegrationRequest)
        .join(Application, Application.id == IntegrationRequest.application_id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(IntegrationExtension, IntegrationExtension.request_id == IntegrationRequest.id)
        .where(Application.organisation_id.in_(mine))
        .where(Application.status == ApplicationStatus.INTEGRATION_REQUESTED, now <= LAST_INSTANT)
    )
    return Ask(query, (LAST_INSTANT, Application.id), _complete)


def _complete(found: Any) -> DueStep:
    return DueStep(
        what=_("Complete the application %(title)s", title=found.name),
        button=_("Answer now"),
        path=f"/applications/{found.id}/integration",
        by=found.at,
        why=_("The office asked for something that is missing. After the term no answer is taken."),
        place=in_language(found.title),
    )


def _to_object(actor: Actor, now: datetime) -> Ask:
    mine = actor.objects_tied_as(Tie.OWNER)
    answered = select(RejectionObservations.id).where(RejectionObservations.notice_id == RejectionNotice.id)
    query = (
        select(*line(id=Application.id, name=Application.title, title=Call.title, at=RejectionNotice.due_at))
        .select_from(RejectionNotice)
        .join(Application, Application.id == RejectionNotice.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.organisation_id.in_(mine), Application.status.in_(OPEN))
        .where(RejectionNotice.due_at >= now, ~answered.exists())
    )
    return Ask(query, (RejectionNotice.due_at, Application.id), _object)


def _object(found: Any) -> DueStep:
    return DueStep(
        what=_("Answer the notice about %(title)s", title=found.name),
        button=_("Open"),
        path=f"/applications/{found.id}/objection",
        by=found.at,
        why=_("The office means not to admit it: it reads your answer before it decides."),
        place=in_language(found.title),
    )


def _completed(actor: Actor) -> Ask:
    query = (
        select(*line(id=Application.id, name=Application.reference, title=Call.title, at=IntegrationReply.received_at))
        .select_from(IntegrationReply)
        .join(IntegrationRequest, IntegrationRequest.id == IntegrationReply.request_id)
        .join(Application, Application.id == IntegrationRequest.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.status == ApplicationStatus.SUBMITTED, *of_the_office(actor))
    )
    return Ask(query, (IntegrationReply.received_at, Application.id), _decide)


def _decide(found: Any) -> DueStep:
    return DueStep(
        what=_("%(reference)s was completed: decide on it", reference=found.name),
        button=_("Decide"),
        path=f"/applications/{found.id}/admissibility",
        why=_("The answer arrived and is registered: the clock of the check runs again."),
        place=in_language(found.title),
    )


def _lapsed(actor: Actor, now: datetime) -> Ask:
    query = (
        select(*line(id=Application.id, name=Application.reference, title=Call.title, at=LAST_INSTANT))
        .select_from(IntegrationRequest)
        .join(Application, Application.id == IntegrationRequest.application_id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(IntegrationExtension, IntegrationExtension.request_id == IntegrationRequest.id)
        .where(Application.status == ApplicationStatus.INTEGRATION_REQUESTED, now > LAST_INSTANT)
        .where(*of_the_office(actor))
    )
    return Ask(query, (LAST_INSTANT, Application.id), _decide_anyway)


def _decide_anyway(found: Any) -> DueStep:
    return DueStep(
        what=_("%(reference)s was not completed: decide on it", reference=found.name),
        button=_("Decide"),
        path=f"/applications/{found.id}/admissibility",
        why=_("The term ended without an answer. Nothing is decided by itself."),
        place=in_language(found.title),
    )


def _reserves(actor: Actor, now: datetime) -> Ask:
    reserve = AdmissibilityReserve
    query = (
        select(*line(id=Application.id, name=Application.reference, title=Call.title, at=reserve.due_at))
        .select_from(reserve)
        .join(Application, Application.id == reserve.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(~reserve.outcome.has(), reserve.due_at <= now + SOON)
        .where(Application.status.in_(UNDER_EVALUATION), *of_the_office(actor))
    )
    return Ask(query, (reserve.due_at, Application.id), _decide_reserve)


def _decide_reserve(found: Any) -> DueStep:
    return DueStep(
        what=_("Decide on the reserve of %(reference)s", reference=found.name),
        button=_("Decide"),
        path=f"/applications/{found.id}/reserve",
        by=found.at,
        why=_("It was admitted on a condition: lift the reserve, or exclude the application."),
        place=in_language(found.title),
    )


def of_the_office(actor: Actor) -> list[Any]:
    """Of the officer's authority, and with neither a conflict nor a seal in the way."""
    apart = apart_of(actor)
    here = [Call.authority_id.in_(actor.authorities_as(Role.OFFICER))]
    hidden = (Application.id, Application.organisation_id, Application.call_id, Application.phase_id)
    return here + ([column.not_in(apart) for column in hidden] if apart else [])
