"""The guarantees of a grant: recorded by the recipient, verified or refused by finance, given back by an act."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

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
from portal.grants.queries import grant_to_read
from portal.payments.guarantees import operations
from portal.payments.guarantees.forms import GuaranteeForm, RefuseForm, ReleaseForm
from portal.payments.guarantees.labels import KINDS, STATUS, TONE
from portal.payments.guarantees.queries import file_of_guarantee, guarantee_seen, guarantees_of

bp = Blueprint("guarantees", __name__)
NO_FORM = {"record": None, "refuse": None, "release": None}


@bp.get("/grants/<uuid:grant_id>/guarantees")
@declares(Action.GUARANTEE_READ)
def index(grant_id: UUID) -> ResponseReturnValue:
    """Every guarantee with where it stands, and what this person may do."""
    return _page(grant_id)


@bp.post("/grants/<uuid:grant_id>/guarantees")
@declares(Action.GUARANTEE_RECORD)
def record(grant_id: UUID) -> ResponseReturnValue:
    """The recipient records one."""
    form = GuaranteeForm()
    if not form.validate():
        return _page(grant_id, 422, record=form)
    asked = partial(operations.text_rules, grant_id=grant_id, actor=current_actor())
    try:
        with one_arriving(form.file.data or None, asked) as file, unit_of_work() as session:
            operations.record_guarantee(
                session, grant_id=grant_id, typed=form.typed(file), actor=current_actor(), now=now()
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(grant_id, show_refusal(form, refusal), record=form)
    return go_to(url_for("guarantees.index", grant_id=grant_id))


@bp.post("/guarantees/<uuid:guarantee_id>/verify")
@declares(Action.GUARANTEE_VERIFY)
def verify(guarantee_id: UUID) -> ResponseReturnValue:
    """Finance has read its text."""
    with unit_of_work() as session:
        found = operations.verify_guarantee(session, guarantee_id=guarantee_id, actor=current_actor(), now=now())
        grant_id = found.grant_id
    return go_to(url_for("guarantees.index", grant_id=grant_id))


@bp.post("/guarantees/<uuid:guarantee_id>/refuse")
@declares(Action.GUARANTEE_VERIFY)
def refuse(guarantee_id: UUID) -> ResponseReturnValue:
    """Finance says what is missing."""
    form = RefuseForm(prefix=guarantee_id.hex)
    act = partial(operations.refuse_guarantee, reason=form.reason.data)
    return _decided(guarantee_id, Action.GUARANTEE_VERIFY, act, refuse=form)


@bp.post("/guarantees/<uuid:guarantee_id>/release")
@declares(Action.GUARANTEE_RELEASE)
def release(guarantee_id: UUID) -> ResponseReturnValue:
    """It is given back by an act."""
    form = ReleaseForm(prefix=guarantee_id.hex)
    act = partial(operations.release_guarantee, act=form.act.data, released_on=form.released_on.data)
    return _decided(guarantee_id, Action.GUARANTEE_RELEASE, act, release=form)


@bp.get("/guarantees/<uuid:guarantee_id>/file")
@declares(Action.GUARANTEE_READ)
def download(guarantee_id: UUID) -> ResponseReturnValue:
    """Its text."""
    with reading() as session:
        return send_stored(file_of_guarantee(session, guarantee_id, current_actor()))


def _decided(guarantee_id: UUID, action: Action, act: Any, **forms: FlaskForm) -> ResponseReturnValue:
    """Act if the form is whole, then show the guarantees as they stand; a refusal is told in the form itself."""
    with reading() as session:
        grant_id = guarantee_seen(session, guarantee_id, current_actor(), action).grant_id
    (form,) = forms.values()
    if not form.validate():
        return _page(grant_id, 422, guarantee_id, **forms)
    try:
        with unit_of_work() as session:
            act(session, guarantee_id=guarantee_id, actor=current_actor(), now=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(grant_id, show_refusal(form, refusal), guarantee_id, **forms)
    return go_to(url_for("guarantees.index", grant_id=grant_id))


def _page(
    grant_id: UUID, status: int = 200, guarantee_id: UUID | None = None, **forms: FlaskForm
) -> ResponseReturnValue:  # fmt: skip
    """The page; what was typed for one guarantee stays in the form of that guarantee."""
    sent = NO_FORM | forms
    with reading() as session:
        grant = grant_to_read(session, current_actor(), grant_id)
        authorise(current_actor(), Action.GUARANTEE_READ, grant)
        return page(
            "payments/guarantees.html", status, grant=grant, guarantees=guarantees_of(session, grant.id),
            form=sent["record"] or GuaranteeForm(formdata=None), sent=sent, guarantee_id=guarantee_id,
            blank_refuse=RefuseForm, blank_release=ReleaseForm, KINDS=KINDS, STATUS=STATUS, TONE=TONE,
        )  # fmt: skip
