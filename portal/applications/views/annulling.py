"""The office annuls the protocol entry of a version that does not count."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.operations.annul import may_be_annulled
from portal.applications.queries import application_for
from portal.applications.sending_forms import AnnulmentForm
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/versions/<uuid:submission_id>/annul")
@declares(Action.ADMISSIBILITY_DECIDE)
def annulling(application_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """Act, reason, and what annulling does."""
    return _page(application_id, submission_id, AnnulmentForm(None))


@bp.post("/applications/<uuid:application_id>/versions/<uuid:submission_id>/annul")
@declares(Action.ADMISSIBILITY_DECIDE)
def annul(application_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """Annul the entry; its row and number stay."""
    form = AnnulmentForm()
    if not form.validate():
        return _page(application_id, submission_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.annul_registration(
                session, application_id=application_id, submission_id=submission_id, act_number=form.act_number.data,
                act_date=form.act_date.data, reason=form.reason.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(application_id, submission_id, form, show_refusal(form, refusal))
    flash(_("The entry of the protocol is annulled; its number stays."), "success")
    return go_to(url_for("applications.show", application_id=application_id))


def _page(application_id: UUID, submission_id: UUID, form: AnnulmentForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.ADMISSIBILITY_DECIDE)
        found = next((each for each in application.submissions if each.id == submission_id), None)
        if found is None:
            raise NotFound
        is_possible = (
            may_be_annulled(application=application, submission=found) and found.protocol_entry.annulment is None
        )
        return page("applications/annul.html", status, application=application, found=found, form=form,
                    is_possible=is_possible)  # fmt: skip
