"""Bringing back what an answer of a draft said before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.applications.models import Application
from portal.applications.operations.refusals import must_be_open
from portal.applications.operations.write import hold_draft, repeat_tagged
from portal.applications.queries import application_for
from portal.applications.queries.history import Wordings
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.questionnaires.operations import restore_answer
from portal.questionnaires.queries import form_of, version_of

RESTORED = "application.answer_restored"


def restore_version(
    session: Session, *, application_id: UUID, key: str, version: int, base: int, actor: Actor, now: datetime
) -> Application:
    """Let an answer say again what it said in an earlier version, while the phase is open.

    `base` is the version that the actor saw as the present one; versions are counted from 1. Raises what
    `restore_answer` raises, AlreadySent, PhaseClosed.
    """
    application = application_for(session, application_id, actor, Action.DRAFT_WRITE)
    hold_draft(session, application=application)
    must_be_open(phase=application.phase, at=now)
    if not version:
        raise Invalid(lazy_("Choose the version to restore."))
    question = form_of(session, application.sheet).question(key)
    if question is None:
        raise NotFound
    wanted = version_of(session, application.sheet_id, key, version)
    asked = Wordings.of(session, application).asked_at(question, wanted.saved_at)
    written = restore_answer(
        session, sheet=application.sheet, before=asked, question=question, version=version, base=base,
        areas=[area.key for area in application.design.areas], actor=actor, now=now,
    )  # fmt: skip
    repeat_tagged(session, application=application)
    record(session, at=now, actor=actor, event=RESTORED, subject=application,
           after={"question": key, "from_version": version, "version": written})  # fmt: skip
    return application
