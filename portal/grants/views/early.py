"""The page on which a group records its legal entity before a later phase, and the office confirms it."""

from functools import partial
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.rules import LegalForm
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.operations import Arrived
from portal.documents.receiving import one_arriving
from portal.documents.web import send_stored
from portal.grants import operations, queries
from portal.grants.forms import IncorporationForm
from portal.grants.operations.becoming import EntityTyped
from portal.grants.views.bp import bp


@bp.get("/applications/<uuid:application_id>/entity")
@declares(Action.APPLICATION_READ)
def entity(application_id: UUID) -> ResponseReturnValue:
    """What the group recorded; its form, or the button of the office."""
    return _page(application_id, IncorporationForm(None))


@bp.post("/applications/<uuid:application_id>/entity")
@declares(Action.INCORPORATION_RECORD)
def record_entity(application_id: UUID) -> ResponseReturnValue:
    """Record the legal entity."""
    form = IncorporationForm()
    if not form.validate():
        return _page(application_id, form, 422)
    asked = partial(operations.deed_rules_early, application_id=application_id, actor=current_actor())
    try:
        with one_arriving(form.deed.data or None, asked) as deed, unit_of_work() as session:
            operations.record_entity_early(
                session, application_id=application_id, typed=_typed(form, deed), actor=current_actor(), now=now()
            )
    except Refusal as refusal:
        return _page(application_id, form, show_refusal(form, refusal))
    return go_to(url_for("grants.entity", application_id=application_id))


@bp.post("/applications/<uuid:application_id>/entity/confirm")
@declares(Action.INCORPORATION_CONFIRM)
def confirm_entity_of(application_id: UUID) -> ResponseReturnValue:
    """Confirm it."""
    with unit_of_work() as session:
        operations.confirm_entity_early(session, application_id=application_id, actor=current_actor(), now=now())
    return go_to(url_for("grants.entity", application_id=application_id))


@bp.get("/applications/<uuid:application_id>/entity/deed")
@declares(Action.APPLICATION_READ)
def deed(application_id: UUID) -> ResponseReturnValue:
    """The deed."""
    with reading() as session:
        return send_stored(queries.deed_of(session, application_id, current_actor()))


def _typed(form: IncorporationForm, deed: Arrived | None) -> EntityTyped:
    return EntityTyped(
        name=form.name.data, legal_form=LegalForm(form.legal_form.data), fiscal_code=form.fiscal_code.data,
        incorporated_on=form.incorporated_on.data, deed=deed, people_joined=form.people_joined.data,
        people_left=form.people_left.data,
    )  # fmt: skip


def _page(application_id: UUID, form: IncorporationForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        application = queries.group_of(session, application_id, current_actor(), Action.APPLICATION_READ)
        return page(
            "grants/entity.html", status, application=application, form=form, later=application.phase.later,
            entity=queries.incorporation_of(session, application_id),
        )  # fmt: skip
