"""One request: what it moves, why, its files, and the answer."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.web import send_stored
from portal.grants.changes import labels, operations, queries
from portal.grants.changes.forms import AnswerForm
from portal.grants.changes.limits import is_amendable
from portal.grants.changes.queries import side_of
from portal.grants.changes.shown import files_of, lines_of
from portal.grants.views.bp import bp

ANSWERS = {
    "return": operations.return_amendment,
    "grant": operations.grant_amendment,
    "refuse": operations.refuse_amendment,
}


@bp.get("/grants/<uuid:grant_id>/changes/<uuid:amendment_id>")
@declares(Action.GRANT_READ)
def change(grant_id: UUID, amendment_id: UUID) -> ResponseReturnValue:
    """The request, with its effect."""
    return _page(grant_id, amendment_id, AnswerForm(None))


@bp.get("/grants/<uuid:grant_id>/changes/<uuid:amendment_id>/files/<uuid:file_id>")
@declares(Action.GRANT_READ)
def change_file(grant_id: UUID, amendment_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """A file of a request."""
    with reading() as session:
        queries.amendment_to_read(session, current_actor(), grant_id, amendment_id)
        return send_stored(queries.file_of_amendment(session, current_actor(), amendment_id, file_id))


@bp.post("/grants/<uuid:grant_id>/changes/<uuid:amendment_id>/answer")
@declares(Action.AMENDMENT_DECIDE)
def answer(grant_id: UUID, amendment_id: UUID) -> ResponseReturnValue:
    """Return, grant or refuse it."""
    form = AnswerForm()
    operation: Any = ANSWERS.get(request.form.get("outcome", ""), operations.return_amendment)
    if not form.validate():
        return _page(grant_id, amendment_id, form, 422)
    try:
        with unit_of_work() as session:
            operation(session, grant_id=grant_id, amendment_id=amendment_id, words=form.words.data or "",
                      seen=form.seen.data or "", actor=current_actor(), now=now())  # fmt: skip
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _page(grant_id, amendment_id, form, show_refusal(form, refusal))
    return go_to(url_for("grants.change", grant_id=grant_id, amendment_id=amendment_id))


@bp.post("/grants/<uuid:grant_id>/changes/<uuid:amendment_id>/withdraw")
@declares(Action.AMENDMENT_ASK)
def withdraw(grant_id: UUID, amendment_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    with unit_of_work() as session:
        operations.withdraw_amendment(
            session, grant_id=grant_id, amendment_id=amendment_id, actor=current_actor(), now=now()
        )
    return go_to(url_for("grants.change", grant_id=grant_id, amendment_id=amendment_id))


def _page(grant_id: UUID, amendment_id: UUID, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        actor = current_actor()
        grant, row = queries.amendment_to_read(session, actor, grant_id, amendment_id)
        return page(
            "grants/changes/one.html", status, grant=grant, row=row, form=form, labels=labels,
            lines=lines_of(session, grant, row), files=files_of(row), is_own=side_of(actor, grant) is row.side,
            is_asker=row.asked_by == actor.person_id, seen=queries.seen_of(session, grant, row),
            under_way=is_amendable(grant),
        )  # fmt: skip
