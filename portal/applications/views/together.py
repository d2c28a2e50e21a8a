"""The beat of a page on which somebody writes: here I am, and what is new?"""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.presence import be_here, together
from portal.applications.queries import application_for
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.unit_of_work import unit_of_work
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
        return render_template("applications/_together.html", found=found, application=application, key=key)
