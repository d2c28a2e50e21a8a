"""Leaving after a ranking: a team gives up its place, or the office excludes an application with its reasons."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie
from portal.access.queries import people_by_object
from portal.applications.models import Application
from portal.applications.operations.leave import restore_version_sent, withdraw_application
from portal.applications.queries import application_locked
from portal.applications.queries.entry import successor_of
from portal.applications.rules import (
    EXCLUDE,
    RENOUNCE,
    WITHDRAW,
    ApplicationStatus,
    ApplicationWithdrawn,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.events import announce
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_text
from portal.notices.operations import notify

LONGEST_REASON = 4000


def renounce_place(session: Session, *, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Give up the place in the next phase for good; a project that was begun from it is withdrawn with it.

    Raises IllegalMove unless it was admitted to the next phase, Conflict while its project is being evaluated.
    """
    application = application_locked(session, application_id, actor, Action.APPLICATION_SUBMIT)
    if application.status is not ApplicationStatus.SELECTED:
        raise IllegalMove(RENOUNCE.name, application.status)
    later = successor_of(session, application)
    if later is not None and later.status not in WITHDRAW.sources:
        raise Conflict(
            lazy_("The project %(reference)s of this team is being assessed: it cannot be given up from here any more."
                  " Write to the office.", reference=later.reference)
        )  # fmt: skip
    if later is not None:
        withdraw_application(session, application_id=later.id, actor=actor, now=now)
    before = application.status
    application.make(RENOUNCE, at=now)
    record(session, at=now, actor=actor, event="application.renounced", subject=application,
           before={"status": before}, after={"status": application.status})  # fmt: skip
    announce(session, ApplicationWithdrawn(application_id=application.id, at=now))
    return application


def exclude_application(
    session: Session, *, application_id: UUID, reason: str, actor: Actor, now: datetime
) -> Application:
    """Take an application out with its reasons, told to its team; what was registered after it goes with it.

    A draft that follows it stays, and can no longer be sent. Raises Invalid without a reason, IllegalMove, and
    Conflict where a grant followed.
    """
    application = application_locked(session, application_id, actor, Action.ADMISSIBILITY_DECIDE)
    why = clean_text(reason)[:LONGEST_REASON]
    if not why:
        raise Invalid(lazy_("Write the reasons: the applicant reads them."), "reason")
    later = successor_of(session, application)
    if later is not None and later.status is ApplicationStatus.FUNDED:
        raise Conflict(lazy_("The project %(reference)s that follows is funded already: its grant has to be revoked.",
                             reference=later.reference))  # fmt: skip
    _exclude(session, application, why, actor, now)
    if later is not None and later.submission is not None:
        if later.status is ApplicationStatus.DRAFT:
            restore_version_sent(session, application=later, submission=later.submission, actor=actor, now=now)
        if later.status in EXCLUDE.sources:
            _exclude(session, later, why, actor, now)
    return application


def _exclude(session: Session, application: Application, why: str, actor: Actor, now: datetime) -> None:
    before = application.status
    application.make(EXCLUDE, at=now)
    record(session, at=now, actor=actor, event="application.excluded", subject=application,
           before={"status": before}, after={"status": application.status}, reason=why)  # fmt: skip
    announce(session, ApplicationWithdrawn(application_id=application.id, at=now))
    message = lazy_("The application %(reference)s was excluded: read why.", reference=application.reference)
    for _organisation, _how, person in people_by_object(
        session, [application.organisation_id], (Tie.OWNER, Tie.EDITOR), now
    ):
        path = f"/applications/{application.id}"
        notify(session, people=[person.id], text=in_both(message), path=path, now=now)
        send_mail(
            session, to=person.email, template="applications/excluded", locale=person.locale, now=now, person=person,
            application=application, reason=why, path=path,
        )  # fmt: skip
