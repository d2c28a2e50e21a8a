"""Releasing several tranches together: what waits, the effect of the choice, the act, and what became of it."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.payments.batches.forms import BatchForm, read_chosen, read_keys
from portal.payments.batches.labels import OUTCOMES, TONES
from portal.payments.batches.operations import Chosen, release_batch
from portal.payments.batches.queries import batch_seen, release_page
from portal.payments.batches.rules import BatchMode
from portal.payments.gate_words import GATE
from portal.payments.labels import ageing
from portal.payments.views.bp import this_day

bp = Blueprint("batches", __name__)


@bp.get("/finance/release")
@declares(Action.LEDGER_READ)
def choose() -> ResponseReturnValue:
    """What waits for approval, and the effect of what was ticked."""
    try:
        keys = read_keys(request.args.getlist("tranches"))
    except ValueError:
        raise BadRequest from None
    return _page(keys, BatchForm(formdata=None, mode=BatchMode.WHOLE.value))


@bp.post("/finance/release")
@declares(Action.TRANCHE_APPROVE)
def release() -> ResponseReturnValue:
    """Release what was chosen, as it was seen."""
    form, chosen = BatchForm(), _chosen()
    keys = frozenset(each.tranche_id for each in chosen)
    if not form.validate():
        return _page(keys, form, 422)
    try:
        with unit_of_work() as session:
            mode = BatchMode(form.mode.data)
            batch = release_batch(session, chosen=chosen, mode=mode, actor=current_actor(), now=now())
            batch_id = batch.id
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(keys, form, show_refusal(form, refusal))
    return go_to(url_for("batches.show", batch_id=batch_id))


@bp.get("/finance/releases/<uuid:batch_id>")
@declares(Action.LEDGER_READ)
def show(batch_id: UUID) -> ResponseReturnValue:
    """What became of each tranche."""
    with reading() as session:
        batch = batch_seen(session, batch_id, current_actor())
        return page("payments/batch.html", batch=batch, OUTCOMES=OUTCOMES, TONES=TONES)


def _chosen() -> list[Chosen]:
    try:
        return read_chosen(request.form.getlist("tranches"))
    except ValueError:
        raise BadRequest from None


def _page(keys: frozenset[UUID], form: BatchForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        seen = release_page(session, keys, current_actor(), now())
        return page(
            "payments/release.html", status, seen=seen, form=form, GATE=GATE, ageing=ageing, today=this_day()
        )  # fmt: skip
