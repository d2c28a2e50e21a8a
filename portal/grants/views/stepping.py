"""The pages of the steps to a legal entity."""

from functools import partial
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action, authorise
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.receiving import one_arriving
from portal.documents.web import send_stored
from portal.grants import operations, queries
from portal.grants.forms import StepForm
from portal.grants.views.bp import bp


@bp.get("/grants/<uuid:grant_id>/steps/<key>")
@declares(Action.INCORPORATION_RECORD)
def step(grant_id: UUID, key: str) -> ResponseReturnValue:
    """The form of one step."""
    return _page(grant_id, key, StepForm(None))


@bp.post("/grants/<uuid:grant_id>/steps/<key>")
@declares(Action.INCORPORATION_RECORD)
def take_step(grant_id: UUID, key: str) -> ResponseReturnValue:
    """Show that it was taken."""
    form = StepForm()
    if not form.validate():
        return _page(grant_id, key, form, 422)
    asked = partial(operations.step_rules, grant_id=grant_id, actor=current_actor())
    try:
        with one_arriving(form.file.data or None, asked) as file, unit_of_work() as session:
            operations.take_step(
                session, grant_id=grant_id, key=key, note=form.note.data or "", file=file, actor=current_actor(),
                now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _page(grant_id, key, form, show_refusal(form, refusal))
    return go_to(url_for("grants.show", grant_id=grant_id))


@bp.get("/grants/<uuid:grant_id>/steps/files/<uuid:file_id>")
@declares(Action.GRANT_READ)
def step_file(grant_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The evidence of a step."""
    with reading() as session:
        return send_stored(queries.step_file(session, current_actor(), grant_id, file_id))


def _page(grant_id: UUID, key: str, form: StepForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        grant = queries.grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.INCORPORATION_RECORD, grant)
        found = [each for each in queries.steps_of(session, grant) if each.step.key == key]
        if not found:
            raise NotFound
        return page("grants/step.html", status, grant=grant, state=found[0], form=form)
