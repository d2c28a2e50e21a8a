"""The officer chooses a coach."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.models import Application
from portal.coaching import operations, queries
from portal.coaching.coaches.forms import AssignForm, topics_asked
from portal.coaching.coaches.labels import BARS, LANGUAGES
from portal.coaching.coaches.queries import candidates_for, need_of
from portal.coaching.coaches.rules import Suggestion, suggestions_for
from portal.coaching.topics import NAMES
from portal.coaching.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/coach")
@declares(Action.COACH_ASSIGN)
def assign(application_id: UUID) -> ResponseReturnValue:
    """Choose a coach for a funded team."""
    return _assign_page(application_id)


@bp.post("/applications/<uuid:application_id>/coach")
@declares(Action.COACH_ASSIGN)
def engage(application_id: UUID) -> ResponseReturnValue:
    """Give the team its coach."""
    form = AssignForm()
    with reading() as session:
        application = queries.application_to_coach(session, current_actor(), application_id)
        form.offer(_suggested(session, application))
    if not form.validate():
        return _assign_page(application_id, form, 422)
    try:
        with unit_of_work() as session:
            engagement = operations.engage_coach(
                session, application_id=application_id, coach_id=UUID(form.coach_id.data),
                allowance_minutes=form.allowance_minutes.data, starts_on=form.starts_on.data,
                ends_on=form.ends_on.data, objectives=form.objectives.data or "", actor=current_actor(), now=now(),
            )  # fmt: skip
            location = url_for("coaching.show", engagement_id=engagement.id)
    except Invalid as refusal:
        return _assign_page(application_id, form, show_refusal(form, refusal))
    return go_to(location)


def _suggested(session: Session, application: Application) -> list[Suggestion]:
    asked = topics_asked(NAMES, request.args.getlist("topic"))
    language = request.args.get("language") or None
    return suggestions_for(candidates_for(session, application, now()), need_of(application, asked, language, now()))


def _assign_page(application_id: UUID, form: AssignForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        application = queries.application_to_coach(session, current_actor(), application_id)
        suggested = _suggested(session, application)
        minutes = application.design.coaching.allowance_minutes
        form = form or AssignForm(None, data={"allowance_minutes": minutes})
        engaged = queries.engagement_of(session, application.id)
        return page(
            "coaching/assign.html", status, application=application, engaged=engaged, form=form.offer(suggested),
            suggested=suggested, bars=BARS, topics=NAMES, spoken=LANGUAGES,
            asked=frozenset(request.args.getlist("topic")), language=request.args.get("language", ""),
        )  # fmt: skip
