"""Taxes of a grant's payments: answers on tax debts, and whether tax is withheld."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.payments.taxes.forms import AnswerForm
from portal.payments.taxes.labels import OUTCOMES, TONES
from portal.payments.taxes.operations import record_tax_check
from portal.payments.taxes.queries import tax_page

bp = Blueprint("taxes", __name__)


@bp.get("/grants/<uuid:grant_id>/taxes")
@declares(Action.TAX_CHECK_READ)
def index(grant_id: UUID) -> ResponseReturnValue:
    """The answers, the newest first."""
    return _page(grant_id, AnswerForm(formdata=None))


@bp.post("/grants/<uuid:grant_id>/taxes")
@declares(Action.TAX_CHECK_RECORD)
def record(grant_id: UUID) -> ResponseReturnValue:
    """Finance records an answer."""
    form = AnswerForm()
    if not form.validate():
        return _page(grant_id, form, 422)
    try:
        with unit_of_work() as session:
            record_tax_check(session, grant_id=grant_id, typed=form.typed(), actor=current_actor(), now=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(grant_id, form, show_refusal(form, refusal))
    return go_to(url_for("taxes.index", grant_id=grant_id))


def _page(grant_id: UUID, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        seen = tax_page(session, grant_id, current_actor())
        return page("payments/taxes.html", status, seen=seen, form=form, OUTCOMES=OUTCOMES, TONES=TONES)
