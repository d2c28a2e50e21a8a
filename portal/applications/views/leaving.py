"""After a ranking: the team gives up its place, or the office excludes an application with its reasons."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.forms import ExclusionForm
from portal.applications.queries import application_for
from portal.applications.queries.entry import successor_of
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/renounce")
@declares(Action.APPLICATION_SUBMIT)
def renouncing(application_id: UUID) -> ResponseReturnValue:
    """What giving up the place does, and its button."""
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.APPLICATION_SUBMIT)
        return page("applications/renounce.html", application=application, later=successor_of(session, application))


@bp.post("/applications/<uuid:application_id>/renounce")
@declares(Action.APPLICATION_SUBMIT)
def renounce(application_id: UUID) -> ResponseReturnValue:
    """Give up the place in the next phase."""
    with unit_of_work() as session:
        operations.renounce_place(session, application_id=application_id, actor=current_actor(), now=now())
    flash(_("The place in the next phase was given up."), "success")
    return go_to(url_for("applications.show", application_id=application_id))


@bp.get("/applications/<uuid:application_id>/exclude")
@declares(Action.ADMISSIBILITY_DECIDE)
def excluding(application_id: UUID) -> ResponseReturnValue:
    """The reasons of an exclusion, and what it does."""
    return _excluding_page(application_id, ExclusionForm(None))


@bp.post("/applications/<uuid:application_id>/exclude")
@declares(Action.ADMISSIBILITY_DECIDE)
def exclude(application_id: UUID) -> ResponseReturnValue:
    """Exclude it."""
    form = ExclusionForm()
    if not form.validate():
        return _excluding_page(application_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.exclude_application(
                session, application_id=application_id, reason=form.reason.data, actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return _excluding_page(application_id, form, show_refusal(form, refusal))
    return go_to(url_for("applications.show", application_id=application_id))


def _excluding_page(application_id: UUID, form: ExclusionForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.ADMISSIBILITY_DECIDE)
        return page(
            "applications/exclude.html", status, application=application, form=form,
            later=successor_of(session, application),
        )  # fmt: skip
