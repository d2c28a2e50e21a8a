"""What the office found and decided of one application: looks, notices before a refusal, reserves, facts, the clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Person, VerifiedFact
from portal.applications.admissibility import Clock, Pause, procedure_clock
from portal.applications.models import (
    AdmissibilityReserve,
    Application,
    IntegrationReply,
    IntegrationRequest,
    PointVerdict,
    RejectionNotice,
    RejectionObservations,
    Submission,
)
from portal.applications.rules import AdmissibilityPoint, ApplicationStatus


@dataclass(frozen=True, slots=True)
class Look:
    """What one person of the office found on a point, last."""

    name: str
    person_id: UUID | None
    verdict: PointVerdict


def looks_at(session: Session, application: Application) -> dict[AdmissibilityPoint, list[Look]]:
    """The last finding of each person, by point, the newest first."""
    query = (
        select(PointVerdict, Person.name)
        .outerjoin(Person, Person.id == PointVerdict.given_by)
        .where(PointVerdict.application_id == application.id)
        .order_by(PointVerdict.id.desc())
    )
    found: dict[AdmissibilityPoint, list[Look]] = {}
    for verdict, name in session.execute(query):
        looks = found.setdefault(verdict.point, [])
        if all(look.person_id != verdict.given_by for look in looks):
            looks.append(Look(name or "–", verdict.given_by, verdict))
    return found


def notice_of(session: Session, application: Application) -> RejectionNotice | None:
    """The notice before a refusal of the registered version that counts."""
    submission = application.submission
    if submission is None:
        return None
    query = select(RejectionNotice).where(RejectionNotice.submission_id == submission.id)
    whole = joinedload(RejectionNotice.observations).joinedload(RejectionObservations.protocol_entry)
    return session.scalars(query.options(whole)).unique().one_or_none()


def reserve_of(session: Session, application: Application) -> AdmissibilityReserve | None:
    """The reserve on which it was admitted, decided or not."""
    query = select(AdmissibilityReserve).where(AdmissibilityReserve.application_id == application.id)
    query = query.options(joinedload(AdmissibilityReserve.outcome)).order_by(AdmissibilityReserve.id.desc())
    return session.scalars(query).unique().first()


def facts_beside(session: Session, organisation_ids: Collection[UUID]) -> Sequence[VerifiedFact]:
    """What the office has verified of the applicant, the newest of each kind first in its kind."""
    query = select(VerifiedFact).where(VerifiedFact.organisation_id.in_(list(organisation_ids)))
    query = query.order_by(VerifiedFact.kind, VerifiedFact.issued_on.desc(), VerifiedFact.id.desc())
    newest: dict[tuple[UUID, str], VerifiedFact] = {}
    for fact in session.scalars(query):
        newest.setdefault((fact.organisation_id, fact.kind.value), fact)
    return list(newest.values())


def clock_of(application: Application, request: IntegrationRequest | None, now: datetime) -> Clock:
    """The days of the check, from the end of the term, without those in which the applicant mends."""
    pauses = []
    if request is not None:
        until = request.reply.received_at if request.reply else request.last_instant
        pauses.append(Pause(request.at, until))
    return procedure_clock(application.phase.deadline.closes_at, now, pauses)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the check of an application stands, as its team and the office read it."""

    asked: IntegrationRequest | None
    notice: RejectionNotice | None
    reserve: AdmissibilityReserve | None
    unmet: Sequence[PointVerdict]
    """Of one that was not admitted: the points, with the reason of each."""
    clock: Clock
    is_mending: bool


def standing_of(session: Session, application: Application, now: datetime) -> Standing:
    """The request, the notice and the reserve of an application, and why it was not admitted."""
    asked, notice, reserve = _papers(session, application)
    is_asked = application.status is ApplicationStatus.INTEGRATION_REQUESTED
    return Standing(
        asked=asked,
        notice=notice,
        reserve=reserve,
        unmet=_unmet(session, application),
        clock=clock_of(application, asked, now),
        is_mending=asked is not None and is_asked and asked.is_open(now),
    )


def _papers(
    session: Session, application: Application
) -> tuple[IntegrationRequest | None, RejectionNotice | None, AdmissibilityReserve | None]:
    """What the office wrote about the registered version that counts, in one statement."""
    request, notice, reserve = IntegrationRequest, RejectionNotice, AdmissibilityReserve
    query = (
        select(request, notice, reserve)
        .select_from(Submission)
        .outerjoin(request, request.submission_id == Submission.id)
        .outerjoin(notice, notice.submission_id == Submission.id)
        .outerjoin(reserve, reserve.application_id == Submission.application_id)
        .where(Submission.application_id == application.id)
        .options(
            joinedload(request.extension), joinedload(request.protocol_entry),
            joinedload(request.reply).joinedload(IntegrationReply.protocol_entry),
            joinedload(notice.observations).joinedload(RejectionObservations.protocol_entry),
            joinedload(reserve.outcome),
        )
        .order_by(Submission.id.desc(), reserve.id.desc())
    )  # fmt: skip
    found = session.execute(query).unique().first()
    return (found[0], found[1], found[2]) if found else (None, None, None)


def _unmet(session: Session, application: Application) -> list[PointVerdict]:
    """The findings that came with the refusal itself: each of its points once."""
    if application.status is not ApplicationStatus.INADMISSIBLE:
        return []
    query = select(PointVerdict).where(PointVerdict.application_id == application.id)
    query = query.where(PointVerdict.at == application.status_at, ~PointVerdict.is_met)
    return list(session.scalars(query.order_by(PointVerdict.id)))
