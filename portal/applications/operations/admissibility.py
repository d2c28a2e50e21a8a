"""Deciding on admissibility: after the term, point by point, with the reasons told to the team."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie
from portal.access.queries import people_tied
from portal.applications.admission import suggested_points
from portal.applications.labels import POINTS
from portal.applications.models import AdmissibilityDecision, Application
from portal.applications.queries import application_locked
from portal.applications.rules import ADMIT, NOT_ADMIT, AdmissibilityDecided, AdmissibilityPoint
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Closed, IllegalMove, Invalid, InvalidForm
from portal.core.events import announce
from portal.core.i18n import in_both, lazy_
from portal.core.instants import Instant
from portal.core.mail import send_mail
from portal.core.text import clean_text, is_blank
from portal.notices.operations import notify

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)


class TermStillOpen(Closed):
    """Nothing is decided while applications may still change."""

    default = lazy_("The term is still open: admissibility is decided once it is over.")


def decide_admissibility(
    session: Session,
    *,
    application_id: UUID,
    is_admissible: bool,
    checklist: Mapping[str, bool],
    reason: str | None,
    actor: Actor,
    now: datetime,
) -> AdmissibilityDecision:
    """Admit an application to evaluation, or not, and tell its team. Raises TermStillOpen, InvalidForm, IllegalMove."""
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    _must_be_over(application, now)
    before, move = application.status, ADMIT if is_admissible else NOT_ADMIT
    if before not in move.sources:
        raise IllegalMove(move.name, str(before))
    told = clean_text(reason) if reason and not is_blank(reason) else None
    decision = AdmissibilityDecision(
        application_id=application.id,
        at=now,
        decided_by=actor.person_id,
        is_admissible=is_admissible,
        checklist=_checked(application, is_admissible, checklist, told),
        reason=told,
    )
    session.add(decision)
    application.make(move, at=now)
    record(
        session, at=now, actor=actor, event=Action.ADMISSIBILITY_DECIDE, subject=application,
        before={"status": before}, after={"status": application.status}, reason=told,
    )  # fmt: skip
    _tell(session, application, decision, now)
    announce(session, AdmissibilityDecided(application.id, is_admissible, now))
    return decision


def _must_be_over(application: Application, now: datetime) -> None:
    deadline = application.phase.deadline
    if now <= deadline.last_instant:
        raise TermStillOpen(
            lazy_(
                "The term is open until %(closes)s: admissibility is decided once it is over.",
                closes=Instant(deadline.closes_at, deadline.zone),
            )
        )


def _checked(
    application: Application, is_admissible: bool, given: Mapping[str, bool], reason: str | None
) -> dict[str, Any]:
    """The points with what was computed and what was decided. Raises InvalidForm, Invalid."""
    points = suggested_points(application)
    missing = [point for point in points if point.key.value not in given]
    if missing:
        raise InvalidForm({point.key.value: lazy_("Say whether this point is met.") for point in missing})
    unmet = [point for point in points if not given[point.key.value]]
    if is_admissible and unmet:
        raise InvalidForm(
            {
                point.key.value: lazy_("An admissible application meets every point: change the answer or decide no.")
                for point in unmet
            }
        )
    if not is_admissible and not reason:
        raise Invalid(lazy_("Write the reason: the applicant reads it and may answer it."), "reason")
    return {point.key.value: {"suggested": point.is_met, "decided": given[point.key.value]} for point in points}


def _tell(session: Session, application: Application, decision: AdmissibilityDecision, now: datetime) -> None:
    people = people_tied(session, application.organisation_id, TEAM, now)
    outcome = lazy_("admitted to evaluation") if decision.is_admissible else lazy_("not admitted to evaluation")
    text = in_both(lazy_("The application %(title)s was %(outcome)s.", title=application.title, outcome=outcome))
    path = f"/applications/{application.id}"
    notify(session, people=[person.id for person in people], text=text, path=path, now=now)
    addresses = {application.organisation.email: "it"} | {person.email: person.locale for person in people}
    unmet = [POINTS[AdmissibilityPoint(key)] for key, found in decision.checklist.items() if not found["decided"]]
    for address, language in addresses.items():
        send_mail(
            session, to=address, template="applications/admissibility", locale=language, now=now,
            application=application, decision=decision, unmet=unmet,
        )  # fmt: skip
