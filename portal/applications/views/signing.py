"""The confirmation before sending: asking for it, giving it."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.operations.formalities import ChangedMeanwhile, NotDeclared
from portal.applications.operations.refusals import NotReady
from portal.applications.sending_forms import SignOffForm
from portal.applications.views.blueprint import bp
from portal.applications.views.checked import check_page
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import unit_of_work
from portal.core.web.respond import go_to


@bp.post("/applications/<uuid:application_id>/ask-sign-off")
@declares(Action.DRAFT_WRITE)
def ask_sign_off(application_id: UUID) -> ResponseReturnValue:
    """Ask somebody who represents the applicant to confirm."""
    try:
        with unit_of_work() as session:
            row = operations.ask_sign_off(
                session, application_id=application_id, person_id=_person(), actor=current_actor(), now=now()
            )
            name = row.person.name
    except Invalid as refusal:
        return check_page(application_id, refusal)
    flash(_("%(name)s was asked to confirm the application.", name=name), "success")
    return go_to(url_for("applications.check", application_id=application_id))


@bp.post("/applications/<uuid:application_id>/sign-off")
@declares(Action.APPLICATION_SIGN)
def sign_off(application_id: UUID) -> ResponseReturnValue:
    """Confirm exactly what the page showed."""
    form = SignOffForm()
    try:
        with unit_of_work() as session:
            operations.sign_off(
                session, application_id=application_id, seen=form.seen.data or "", declared=form.declared.data or (),
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (ChangedMeanwhile, NotReady, NotDeclared) as refusal:
        return check_page(application_id, refusal)
    flash(_("The application is confirmed as it is now. Any change makes the confirmation void."), "success")
    return go_to(url_for("applications.check", application_id=application_id))


def _person() -> UUID:
    try:
        return UUID(request.form.get("person", ""))
    except ValueError as error:
        raise Invalid(_("Choose who confirms."), "person") from error
