"""Between two phases: what a team attended, and its invitation to the next one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_by_object
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_text
from portal.notices.operations import notify

LONGEST_REASON = 2000


class NotSelected(Conflict):
    """Only those whom the final ranking admitted are accompanied and invited."""

    default = lazy_("This application was not admitted to the next phase: nothing of an accompaniment is noted for it.")


def _selected_locked(session: Session, application_id: UUID) -> Application:
    """An application that was admitted to the next phase, locked. Raises NotSelected for any other."""
    query = select(Application).where(Application.id == application_id).with_for_update(of=Application)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.status is not ApplicationStatus.SELECTED:
        raise NotSelected
    return found


def note_attendance(
    session: Session, *, application_id: UUID, minutes: int, reason: str | None = None, actor: Actor, now: datetime
) -> Application:
    """Keep what the register of attendance says of an application: all its minutes so far. The caller authorises."""
    application = _selected_locked(session, application_id)
    before = application.attended_minutes
    if before != minutes:
        application.attended_minutes = minutes
        record(session, at=now, actor=actor, event="application.attended", subject=application,
               before={"minutes": before}, after={"minutes": minutes}, reason=reason)  # fmt: skip
    return application


def invite_application(
    session: Session, *, application_id: UUID, reason: str | None = None, actor: Actor, now: datetime
) -> Application:
    """Invite a team to the phase after its own; once, told in the inbox and by mail. The caller authorises.

    `reason`: why by hand, where the team attended too little.
    """
    application = _selected_locked(session, application_id)
    if application.invited_at is not None:
        return application
    why = clean_text(reason or "")[:LONGEST_REASON] or None
    application.invited_at, application.invited_reason = now, why
    record(session, at=now, actor=actor, event="application.invited", subject=application,
           after={"minutes": application.attended_minutes, "by_hand": why is not None}, reason=why)  # fmt: skip
    _tell(session, application, now)
    return application


def _tell(session: Session, application: Application, now: datetime) -> None:
    later = application.phase.later
    if later is None:
        return
    message = lazy_("%(reference)s is invited to the next phase: write the project.", reference=application.reference)
    path = f"/applications/{application.id}"
    for _organisation, _how, person in people_by_object(
        session, [application.organisation_id], (Tie.OWNER, Tie.EDITOR), now
    ):
        notify(session, people=[person.id], text=in_both(message), path=path, now=now)
        send_mail(
            session, to=person.email, template="applications/invited", locale=person.locale, now=now, person=person,
            application=application, later=later, path=path,
        )  # fmt: skip
