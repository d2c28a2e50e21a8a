"""The page of all changes of a grant: what was asked, what can be asked, suspension."""

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.grants.changes import labels, operations, queries
from portal.grants.changes.forms import ReasonForm, SuspendForm
from portal.grants.changes.limits import shift_left, steps_open
from portal.grants.labels import LABELS, TONES
from portal.grants.queries import grant_to_read
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>/changes")
@declares(Action.GRANT_READ)
def changes(grant_id: UUID) -> ResponseReturnValue:
    """Requests, the newest first, and what can be asked."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/suspension")
@declares(Action.GRANT_SUSPEND)
def suspend(grant_id: UUID) -> ResponseReturnValue:
    """Suspend the grant."""
    form = SuspendForm()
    return _take(
        grant_id, form, operations.suspend_grant, lambda: {"until": form.until.data, "reason": form.reason.data}
    )


@bp.post("/grants/<uuid:grant_id>/resumption")
@declares(Action.GRANT_SUSPEND)
def resume(grant_id: UUID) -> ResponseReturnValue:
    """Let it go on."""
    form = ReasonForm()
    return _take(grant_id, form, operations.resume_grant, lambda: {"reason": form.reason.data})


def _take(grant_id: UUID, form: Any, operation: Any, fields: Any) -> ResponseReturnValue:
    if not form.validate():
        return _page(grant_id, form, 422)
    try:
        with unit_of_work() as session:
            operation(session, grant_id=grant_id, actor=current_actor(), now=now(), **fields())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _page(grant_id, form, show_refusal(form, refusal))
    return go_to(url_for("grants.changes", grant_id=grant_id))


def _page(grant_id: UUID, refused: Any = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        version = queries.plan_in_force(session, grant.id)
        suspension = queries.suspension_of(session, grant.id)
        usual: Any = ReasonForm if suspension else SuspendForm
        return page(
            "grants/changes/index.html", status, grant=grant, version=version, suspension=suspension, labels=labels,
            amendments=queries.amendments_of(session, grant.id),
            form=refused if isinstance(refused, usual) else usual(None),
            label=LABELS[grant.status], tone=TONES[grant.status], **steps_open(grant),
            left=shift_left(session, grant, version.plan) if version else None,
        )  # fmt: skip
