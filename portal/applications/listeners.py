"""What this room does when a lower one announces something; `portal.app` subscribes it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_by_object
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import CallExtended
from portal.core.i18n import LANGUAGES, _, in_language, speaking
from portal.core.instants import format_instant
from portal.notices.operations import notify


def tell_of_extension(session: Session, event: CallExtended) -> None:
    """Those who represent or write a draft or a sent application learn that its deadline moved."""
    phase = session.get_one(Phase, event.phase_id)
    query = (
        select(Application.organisation_id, Application.id)
        .where(Application.phase_id == event.phase_id)
        .where(Application.status.in_((ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED)))
    )
    applications = dict(session.execute(query).all())
    text = {language: _words(phase, event, language) for language in LANGUAGES}
    for organisation, _how, person in people_by_object(session, applications, (Tie.OWNER, Tie.EDITOR), event.at):
        path = f"/applications/{applications[organisation]}"
        notify(session, people=[person.id], text=text, path=path, now=event.at)


def _words(phase: Phase, event: CallExtended, language: str) -> str:
    with speaking(language):
        closes, title = format_instant(event.closes_at, phase.zone), in_language(phase.call.title, language)
        return str(_("The deadline of “%(title)s” moved to %(closes)s.", title=title, closes=closes))
