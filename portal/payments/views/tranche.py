"""The page of a tranche, and the acts of its release."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from portal.access.policy import Action
from portal.access.rules import masked_iban
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.payments import operations, queries
from portal.payments.forms import ApproveForm, SendBackForm, TakeBackForm
from portal.payments.gate_words import gate_lines
from portal.payments.labels import STATUS, TONE, ageing, words_of_act
from portal.payments.views.bp import bp, this_day


@bp.get("/tranches/<uuid:tranche_id>")
@declares(Action.TRANCHE_READ)
def show(tranche_id: UUID) -> ResponseReturnValue:
    """A tranche: its gates, its people, what to do."""
    return _page(tranche_id, SendBackForm())


def _page(tranche_id: UUID, form: FlaskForm, status: int = 200, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page; a form that was refused stands in its place."""
    back = form if isinstance(form, TakeBackForm) else TakeBackForm(formdata=None)
    sent = SendBackForm(formdata=None) if form is back else form
    with reading() as session:
        seen = queries.tranche_page(session, tranche_id, current_actor(), now())
        gates = gate_lines(seen.gates, seen.tranche, current_actor())
        return page(
            "payments/tranche.html", status, seen=seen, gates=gates, act=words_of_act(seen.tranche), form=sent,
            back=back, refused=refusal, age=ageing(seen.tranche, this_day()), STATUS=STATUS, TONE=TONE,
            masked=masked_iban,
        )  # fmt: skip


def _done(tranche_id: UUID, act: Callable[[Session], object]) -> ResponseReturnValue:
    """Act, then show the tranche as it stands; a refusal is told at the head of the same page."""
    try:
        with unit_of_work() as session:
            act(session)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(tranche_id, SendBackForm(formdata=None), status_of(refusal), refusal)
    return go_to(url_for("payments.show", tranche_id=tranche_id))


@bp.post("/tranches/<uuid:tranche_id>/request")
@declares(Action.TRANCHE_REQUEST)
def ask(tranche_id: UUID) -> ResponseReturnValue:
    """The recipient asks for it."""
    given: dict[str, Any] = {"tranche_id": tranche_id, "actor": current_actor(), "now": now()}
    return _done(tranche_id, lambda session: operations.request_tranche(session, **given))


@bp.post("/tranches/<uuid:tranche_id>/verify")
@declares(Action.TRANCHE_VERIFY)
def verify(tranche_id: UUID) -> ResponseReturnValue:
    """The officer verifies it."""
    given: dict[str, Any] = {"tranche_id": tranche_id, "actor": current_actor(), "now": now()}
    return _done(tranche_id, lambda session: operations.verify_tranche(session, **given))


@bp.post("/tranches/<uuid:tranche_id>/propose")
@declares(Action.TRANCHE_PROPOSE)
def propose(tranche_id: UUID) -> ResponseReturnValue:
    """The maker proposes it."""
    given: dict[str, Any] = {"tranche_id": tranche_id, "actor": current_actor(), "now": now()}
    return _done(tranche_id, lambda session: operations.propose_tranche(session, **given))


@bp.post("/tranches/<uuid:tranche_id>/approve")
@declares(Action.TRANCHE_APPROVE)
def approve(tranche_id: UUID) -> ResponseReturnValue:
    """The checker approves the version seen."""
    form = ApproveForm()
    if not form.validate():
        raise BadRequest
    given: dict[str, Any] = {
        "tranche_id": tranche_id,
        "version_seen": form.version.data,
        "actor": current_actor(),
        "now": now(),
    }
    return _done(tranche_id, lambda session: operations.approve_tranche(session, **given))


@bp.post("/tranches/<uuid:tranche_id>/send-back")
@declares(Action.TRANCHE_SEND_BACK)
def send_back(tranche_id: UUID) -> ResponseReturnValue:
    """Whoever acts next sends it back; the operation judges who that is."""
    return _with_a_reason(tranche_id, SendBackForm(), operations.send_back_tranche)


@bp.post("/tranches/<uuid:tranche_id>/take-back")
@declares(Action.TRANCHE_TAKE_BACK)
def take_back(tranche_id: UUID) -> ResponseReturnValue:
    """An approver undoes an approval of which no file was made."""
    return _with_a_reason(tranche_id, TakeBackForm(), operations.take_back_tranche)


def _with_a_reason(tranche_id: UUID, form: FlaskForm, act: Callable[..., object]) -> ResponseReturnValue:
    """Act for the reason that was typed; what is refused comes back with it."""
    if not form.validate():
        return _page(tranche_id, form, 422)
    given: dict[str, Any] = {"tranche_id": tranche_id, "reason": form.reason.data, "actor": current_actor()}
    try:
        with unit_of_work() as session:
            act(session, now=now(), **given)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(tranche_id, form, show_refusal(form, refusal))
    return go_to(url_for("payments.show", tranche_id=tranche_id))
