"""The history of one answer, and the way back to an earlier version."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.queries import draft_for
from portal.applications.queries.history import answer_history
from portal.applications.views.blueprint import bp
from portal.applications.views.lent import setting_of
from portal.applications.views.section import is_writable
from portal.core.clock import now
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to
from portal.questionnaires.operations.restoring import ChangedSince


@bp.get("/applications/<uuid:application_id>/answers/<key>")
@declares(Action.DRAFT_READ)
def history(application_id: UUID, key: str) -> ResponseReturnValue:
    """Who wrote what and when in one answer."""
    return _page(application_id, key)


@bp.post("/applications/<uuid:application_id>/answers/<key>/restore")
@declares(Action.DRAFT_WRITE)
def restore(application_id: UUID, key: str) -> ResponseReturnValue:
    """Let an earlier version count again; who was overtaken sees the newest one in its place."""
    try:
        with unit_of_work() as session:
            application = operations.restore_version(
                session, application_id=application_id, key=key, version=_number(request.form, "version"),
                base=_number(request.form, "base"), actor=current_actor(), now=now(),
            )  # fmt: skip
            location = url_for("applications.history", application_id=application.id, key=key)
    except ChangedSince as refusal:
        return _page(application_id, key, refusal)
    flash(_("The earlier version counts again. The one before it stays in the history."), "success")
    return go_to(location)


def _page(application_id: UUID, key: str, refusal: ChangedSince | None = None) -> ResponseReturnValue:
    every = "every" in request.args
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        found = answer_history(session, opened, key, setting_of(session, opened), every=every)
        return page(
            "applications/history.html", status_of(refusal) if refusal else 200, found=found,
            application=opened.application, every=every, refusal=refusal,
            writable=opened.application.is_draft and is_writable(opened.application) and not found.is_hand_made,
        )  # fmt: skip


def _number(form: MultiDict[str, str], name: str) -> int:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
