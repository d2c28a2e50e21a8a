"""The beat of a page on which somebody writes: here I am, and what is new?"""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.models import Application
from portal.applications.presence import Together, be_here, together
from portal.applications.queries import application_for, open_draft
from portal.applications.views.blueprint import bp
from portal.applications.views.lent import setting_of
from portal.core.clock import now
from portal.core.unit_of_work import unit_of_work
from portal.questionnaires.fields import AnswerRead, answer_read
from portal.questionnaires.forms import versions_sent


@bp.post("/applications/<uuid:application_id>/sections/<key>/here")
@declares(Action.DRAFT_WRITE)
def here(application_id: UUID, key: str) -> ResponseReturnValue:
    """Nothing (204) while what the page shows of the others is still true; else the words that take its place."""
    with unit_of_work(once=False) as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        instant, seen = now(), versions_sent(request.form)
        be_here(session, application=application, section_key=key, actor=current_actor(), now=instant)
        found = together(
            session, application=application, section_key=key, seen=seen, actor=current_actor(), now=instant
        )
        if found.stamp == request.form.get("stamp", ""):
            return "", 204
        read = _read(session, application, found)
        return render_template("applications/_together.html", found=found, application=application, key=key, read=read)


def _read(session: Session, application: Application, found: Together) -> dict[str, AnswerRead]:
    """What the answers that others changed say now; the writer's own stand in their fields."""
    if not found.newer:
        return {}
    opened = open_draft(session, application)
    filled, setting = opened.draft.filled, setting_of(session, opened)
    asked = [(filled.form.by_key[each.key], opened.draft.values.get(each.key)) for each in found.newer]
    return {each.key: answer_read(filled, each, filled.stored(each) or stored, setting) for each, stored in asked}
