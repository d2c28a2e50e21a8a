"""Deciding on admissibility: after the term, point by point, with the reasons told to the team."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie
from portal.access.queries import people_tied
from portal.access.rules.facts import local_day
from portal.applications.admissibility import LAST, Condition
from portal.applications.admission import Point
from portal.applications.labels import POINTS
from portal.applications.models import AdmissibilityDecision, AdmissibilityReserve, Application, PointVerdict
from portal.applications.queries import application_locked
from portal.applications.queries.admissibility import notice_of
from portal.applications.queries.elsewhere import points_of
from portal.applications.queries.integration import request_of
from portal.applications.rules import ADMIT, NOT_ADMIT, AdmissibilityDecided, ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, Conflict, IllegalMove, Invalid, InvalidForm
from portal.core.events import announce
from portal.core.i18n import in_both, lazy_
from portal.core.instants import Instant
from portal.core.mail import send_mail
from portal.core.moves import Move
from portal.core.text import clean_text, is_blank
from portal.notices.operations import notify

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)
NOTE = "note-"
"""What stands before a point in the name of the field of its reason."""
NOTHING: Mapping[str, str] = MappingProxyType({})
LONGEST_NOTE = 1000


class TermStillOpen(Closed):
    """Nothing is decided while applications may still change."""

    default = lazy_("The term is still open: admissibility is decided once it is over.")


class StillMending(Conflict):
    """An applicant who was asked to mend something has the whole of the term."""


class NoticeFirst(Conflict):
    """The call gives applicants time to answer before a refusal (art. 10-bis L. 241/1990)."""


def keep_checklist(
    session: Session,
    *,
    application_id: UUID,
    checklist: Mapping[str, bool],
    notes: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what was found so far, point by point: nothing is decided. A colleague's findings are a second look."""
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    must_be_over(application=application, now=now)
    must_be_movable(move=ADMIT, status=application.status)
    points = [point for point in points_of(session, application) if point.key.value in checklist]
    _keep(session, application, points, checklist, notes, actor, now)
    after = {point.key.value: checklist[point.key.value] for point in points}
    record(session, at=now, actor=actor, event="application.checked", subject=application, after=after)


def decide_admissibility(
    session: Session,
    *,
    application_id: UUID,
    is_admissible: bool,
    checklist: Mapping[str, bool],
    reason: str | None,
    actor: Actor,
    now: datetime,
    notes: Mapping[str, str] = NOTHING,
    condition: Condition | None = None,
) -> AdmissibilityDecision:
    """Admit an application to evaluation, with a reserve where there is a condition, or not; and tell its team.

    Raises TermStillOpen, StillMending, NoticeFirst, InvalidForm, IllegalMove.
    """
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    must_be_over(application=application, now=now)
    before, move = application.status, ADMIT if is_admissible else NOT_ADMIT
    must_be_movable(move=move, status=before)
    must_not_be_mending(session, application=application, now=now)
    told = clean_text(reason) if reason and not is_blank(reason) else None
    points = points_of(session, application)
    unmet = must_be_decidable(points=points, may_be=is_admissible or condition is not None, given=checklist)
    if is_admissible:
        _must_be_met(unmet, condition, application, now)
    else:
        must_have_reasons(unmet=unmet, notes=notes, reason=told)
        _must_have_been_told(session, application, now)
    decision = _decision(application, points, checklist, is_admissible, told, actor, now)
    session.add(decision)
    _keep(session, application, points, checklist, notes, actor, now)
    _reserve(session, application, decision, condition, now)
    application.make(move, at=now)
    after = {"status": application.status} | ({"reserve_until": condition.due_on.isoformat()} if condition else {})
    record(session, at=now, actor=actor, event=Action.ADMISSIBILITY_DECIDE, subject=application,
           before={"status": before}, after=after, reason=told or (condition.text if condition else None))  # fmt: skip
    _tell(session, application, decision, _reasons(unmet, notes), condition, now)
    announce(session, AdmissibilityDecided(application.id, is_admissible, now))
    return decision


def _decision(
    application: Application, points: Sequence[Point], checklist: Mapping[str, bool], is_admissible: bool,
    reason: str | None, actor: Actor, now: datetime,
) -> AdmissibilityDecision:  # fmt: skip
    found = {each.key.value: {"suggested": each.is_met, "decided": checklist[each.key.value]} for each in points}
    return AdmissibilityDecision(application_id=application.id, at=now, decided_by=actor.person_id,
                                 is_admissible=is_admissible, checklist=found, reason=reason)  # fmt: skip


def must_be_movable(*, move: Move[ApplicationStatus], status: ApplicationStatus) -> None:
    """Return where the move leads from this status. Raises IllegalMove."""
    if status not in move.sources:
        raise IllegalMove(move.name, str(status))


def must_be_over(*, application: Application, now: datetime) -> None:
    """Return once the term is over. Raises TermStillOpen."""
    deadline = application.phase.deadline
    if now <= deadline.last_instant:
        raise TermStillOpen(
            lazy_(
                "The term is open until %(closes)s: admissibility is decided once it is over.",
                closes=Instant(deadline.closes_at, deadline.zone),
            )
        )


def must_not_be_mending(session: Session, *, application: Application, now: datetime) -> None:
    """Return unless the applicant still has time to answer a request. Raises StillMending."""
    request = request_of(session, application)
    if request is not None and request.is_open(now):
        raise StillMending(
            lazy_("The applicant was asked to complete the application and may answer until %(closes)s: decide then.",
                  closes=Instant(request.last_instant, application.phase.zone))
        )  # fmt: skip


def must_be_decidable(*, points: Sequence[Point], may_be: bool, given: Mapping[str, bool]) -> list[Point]:
    """The points that are not met. Raises InvalidForm where one was not answered, Invalid for a refusal without one."""
    missing = [point for point in points if point.key.value not in given]
    if missing:
        raise InvalidForm({point.key.value: lazy_("Say whether this point is met.") for point in missing})
    unmet = [point for point in points if not given[point.key.value]]
    if not may_be and not unmet:
        raise Invalid(lazy_("Say which point is not met: a refusal rests on one at least."), "decision")
    return unmet


def must_have_reasons(*, unmet: Sequence[Point], notes: Mapping[str, str], reason: str | None) -> None:
    """Each point that is not met has its reason; where it is one alone, the general reason is enough."""
    bare = [point for point in unmet if is_blank(notes.get(point.key.value, ""))]
    if bare and not reason and len(bare) == len(unmet):
        raise Invalid(lazy_("Write the reason: the applicant reads it and may answer it."), "reason")
    if bare and len(unmet) > 1:
        raise InvalidForm({NOTE + point.key.value: lazy_("Write why this point is not met.") for point in bare})


def _must_be_met(unmet: Sequence[Point], condition: Condition | None, application: Application, now: datetime) -> None:
    if condition is None and unmet:
        words = lazy_("An admissible application meets every point: change the answer, decide no, or add a reserve.")
        raise InvalidForm({point.key.value: words for point in unmet})
    if condition is None:
        return
    if is_blank(condition.text):
        raise Invalid(lazy_("Write the condition: the applicant reads it."), "condition")
    if condition.due_on <= local_day(now):
        raise Invalid(lazy_("Choose a day to come: until then the condition may be met."), "due_on")


def _must_have_been_told(session: Session, application: Application, now: datetime) -> None:
    if not application.design.admission.objection_days:
        return
    notice = notice_of(session, application)
    if notice is None:
        raise NoticeFirst(lazy_("This call gives applicants time to answer before a refusal: send the notice first."))
    if notice.observations is None and now <= notice.due_at:
        raise NoticeFirst(
            lazy_("The applicant may answer the notice until %(closes)s: decide then.",
                  closes=Instant(notice.due_at, application.phase.zone))
        )  # fmt: skip


def _keep(
    session: Session,
    application: Application,
    points: Sequence[Point],
    checklist: Mapping[str, bool],
    notes: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    for point in points:
        note = clean_text(notes.get(point.key.value, ""))
        if len(note) > LONGEST_NOTE:
            words = lazy_("This is longer than %(most)s characters. Shorten it.", most=LONGEST_NOTE)
            raise Invalid(words, NOTE + point.key.value)
        session.add(
            PointVerdict(
                application_id=application.id, point=point.key, is_met=checklist[point.key.value],
                computed=point.is_met, at=now, given_by=actor.person_id, note=note or None,
            )
        )  # fmt: skip


def _reserve(
    session: Session,
    application: Application,
    decision: AdmissibilityDecision,
    condition: Condition | None,
    now: datetime,
) -> None:
    if condition is None or not decision.is_admissible:
        return
    session.flush()
    due_at = datetime.combine(condition.due_on, LAST, ZoneInfo(application.phase.zone)).astimezone(now.tzinfo)
    session.add(
        AdmissibilityReserve(
            application_id=application.id, decision_id=decision.id, at=now, condition=clean_text(condition.text),
            due_on=condition.due_on, due_at=due_at,
        )
    )  # fmt: skip


def _reasons(unmet: Sequence[Point], notes: Mapping[str, str]) -> list[tuple[object, str]]:
    return [(POINTS[point.key], clean_text(notes.get(point.key.value, ""))) for point in unmet]


def _tell(
    session: Session,
    application: Application,
    decision: AdmissibilityDecision,
    unmet: Sequence[tuple[object, str]],
    condition: Condition | None,
    now: datetime,
) -> None:
    people = people_tied(session, application.organisation_id, TEAM, now)
    text = in_both(
        lazy_(
            "The application %(title)s was %(outcome)s.", title=application.title, outcome=_outcome(decision, condition)
        )
    )
    path = f"/applications/{application.id}"
    notify(session, people=[person.id for person in people], text=text, path=path, now=now)
    addresses = {application.organisation.email: "it"} | {person.email: person.locale for person in people}
    for address, language in addresses.items():
        send_mail(
            session, to=address, template="applications/admissibility", locale=language, now=now,
            application=application, decision=decision, unmet=unmet, condition=condition, path=path,
        )  # fmt: skip


def _outcome(decision: AdmissibilityDecision, condition: Condition | None) -> Any:
    if not decision.is_admissible:
        return lazy_("not admitted to evaluation")
    return lazy_("admitted with reserve") if condition else lazy_("admitted to evaluation")
