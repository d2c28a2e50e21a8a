"""The notice before a refusal, and the applicant's answer to it."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.admissibility_forms import ObservationsForm
from portal.applications.queries import registered_version
from portal.applications.queries.admissibility import notice_of
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.arrival import arrived_at
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/objection")
@declares(Action.INTEGRATION_READ)
def objection(application_id: UUID) -> ResponseReturnValue:
    """What the office means to refuse and why; the team answers here."""
    return _objection_page(application_id, ObservationsForm(None))


@bp.post("/applications/<uuid:application_id>/objection")
@declares(Action.OBJECTION_SEND)
def send_objection(application_id: UUID) -> ResponseReturnValue:
    """Register the answer."""
    received_at, form = arrived_at(), ObservationsForm()
    if not form.validate():
        return _objection_page(application_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.send_observations(
                session, application_id=application_id, text=form.text.data, actor=current_actor(),
                received_at=received_at, now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _objection_page(application_id, form, show_refusal(form, refusal))
    flash(_("Your answer was registered."), "success")
    return go_to(url_for("applications.objection", application_id=application_id))


def _objection_page(application_id: UUID, form: ObservationsForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = registered_version(session, application_id, current_actor(), Action.INTEGRATION_READ)
        notice = notice_of(session, found.application)
        return page("applications/objection.html", status, found=found, form=form, given=notice, now=now())
