"""Writing a draft: saving one section, whatever its state; nothing of anybody is ever overwritten."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.models import Application
from portal.applications.operations.refusals import must_be_open
from portal.applications.queries import open_draft
from portal.applications.rules import ApplicationStatus
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import lazy_
from portal.questionnaires.operations import save_section
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import SectionSaved, Typed


class AlreadySent(Conflict):
    """A sent application is frozen."""

    default = lazy_(
        "This application was sent meanwhile, and is frozen. Copy what you wrote; to change it, reopen it first."
    )


def must_be_draft(*, application: Application) -> None:
    """Refuse changes to what was sent."""
    if application.status is not ApplicationStatus.DRAFT:
        raise AlreadySent


def hold_draft(session: Session, *, application: Application) -> None:
    """The same before a change, once nobody is sending it: what is acknowledged is either in what was sent or refused.

    Whoever sends it at this instant is waited for, and waits in turn until the change is in.
    """
    query = select(Application.status).where(Application.id == application.id)
    if session.scalar(query.with_for_update(key_share=True)) is not ApplicationStatus.DRAFT:
        raise AlreadySent


def save_answers(
    session: Session,
    *,
    application: Application,
    section_key: str,
    typed: Mapping[str, Typed],
    base: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> SectionSaved:
    """Save one section of a draft while the phase is open. Raises PhaseClosed, AlreadySent."""
    authorise(actor, Action.DRAFT_WRITE, application)
    hold_draft(session, application=application)
    must_be_open(phase=application.phase, at=now)
    section = form_of(session, application.sheet).section(section_key)
    if section is None:
        raise NotFound
    areas = [area.key for area in application.design.areas]
    saved = save_section(
        session, sheet=application.sheet, section=section, typed=typed, base=base, areas=areas, actor=actor, now=now
    )
    repeat_tagged(session, application=application)
    return saved


def repeat_tagged(session: Session, *, application: Application) -> None:
    """Bring title, area and amounts of the row up to the tagged answers, for lists."""
    draft = open_draft(session, application).draft
    application.title, application.area = draft.title, draft.area
    application.requested_cents, application.total_cents = draft.amounts.requested, draft.amounts.total
