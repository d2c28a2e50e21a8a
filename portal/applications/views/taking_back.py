"""Withdrawing an application, reopening it before the term, keeping the registered version."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.queries import application_for
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/applications/<uuid:application_id>/withdraw")
@declares(Action.APPLICATION_SUBMIT)
def withdrawing(application_id: UUID) -> ResponseReturnValue:
    """What withdrawing does, and its button."""
    return _confirm(application_id, "applications/withdraw.html")


@bp.post("/applications/<uuid:application_id>/withdraw")
@declares(Action.APPLICATION_SUBMIT)
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Withdraw it."""
    with unit_of_work() as session:
        operations.withdraw_application(session, application_id=application_id, actor=current_actor(), now=now())
    return _done(application_id, _("The application was withdrawn."))


@bp.get("/applications/<uuid:application_id>/reopen")
@declares(Action.APPLICATION_SUBMIT)
def reopening(application_id: UUID) -> ResponseReturnValue:
    """What reopening does, and its button."""
    return _confirm(application_id, "applications/reopen.html")


@bp.post("/applications/<uuid:application_id>/reopen")
@declares(Action.APPLICATION_SUBMIT)
def reopen(application_id: UUID) -> ResponseReturnValue:
    """Reopen it."""
    with unit_of_work() as session:
        operations.reopen_application(session, application_id=application_id, actor=current_actor(), now=now())
    return _done(application_id, _("The application is open again. Send it before the term for the changes to count."))


@bp.post("/applications/<uuid:application_id>/keep")
@declares(Action.APPLICATION_SUBMIT)
def keep(application_id: UUID) -> ResponseReturnValue:
    """Let the registered version count as before."""
    with unit_of_work() as session:
        operations.keep_registered_version(session, application_id=application_id, actor=current_actor(), now=now())
    return _done(application_id, _("The version registered before counts."))


def _confirm(application_id: UUID, template: str) -> ResponseReturnValue:
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.APPLICATION_SUBMIT)
        return page(template, application=application)


def _done(application_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(url_for("applications.show", application_id=application_id))
