"""The office of data protection: requests by their term, what will go when, the register of processing."""

from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.own_data import AnswerForm
from portal.access.operations import own_data as operations
from portal.access.operations.erasing import StillHeld
from portal.access.policy import Action
from portal.access.queries import data_protection as queries
from portal.access.queries.own_data import request_for, requests_by_term
from portal.access.rules.own_data import RequestOutcome
from portal.access.views.own_data import WORDS, bp
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.db import Base
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.privacy.register import as_csv, register
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to

__all__ = ["bp"]


@bp.get("/manage/privacy")
@declares(Action.PROCESSING_READ)
def manage() -> ResponseReturnValue:
    """Requests and their terms, what will be deleted when, the register of processing."""
    instant = now()
    with reading() as session:
        return page(
            "privacy/manage.html", requests=requests_by_term(session, current_actor()),
            ahead=queries.what_goes(session, instant), today=instant, register=register(Base.metadata),
            controllers=queries.controllers(session, current_actor(), instant), **WORDS,
        )  # fmt: skip


@bp.get("/manage/privacy/register.csv")
@declares(Action.PROCESSING_READ)
def register_file() -> ResponseReturnValue:
    """The register of processing as a table."""
    headers = {"Content-Disposition": 'attachment; filename="register.csv"'}
    with reading() as session:
        table = as_csv(register(Base.metadata), queries.controllers(session, current_actor(), now()))
    return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/manage/privacy/requests/<uuid:privacy_request_id>")
@declares(Action.PRIVACY_DECIDE)
def asked(privacy_request_id: UUID) -> ResponseReturnValue:
    """One request, with the form of its answer."""
    return _request_page(privacy_request_id, AnswerForm(formdata=None))


@bp.post("/manage/privacy/requests/<uuid:privacy_request_id>")
@declares(Action.PRIVACY_DECIDE)
def answer(privacy_request_id: UUID) -> ResponseReturnValue:
    """Answer a request."""
    form = AnswerForm()
    if not form.validate():
        return _request_page(privacy_request_id, form, 422)
    try:
        with unit_of_work() as session:
            operations.decide_request(
                session, request_id=privacy_request_id, outcome=RequestOutcome(form.outcome.data),
                decision=form.decision.data, actor=current_actor(), now=now(),
            )  # fmt: skip
    except (Invalid, StillHeld) as refusal:
        return _request_page(privacy_request_id, form, show_refusal(form, refusal))
    flash(_("The answer was sent to the person."), "success")
    return go_to(url_for("privacy.manage"))


def _request_page(request_id: UUID, form: Any, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = request_for(session, request_id, current_actor())
        return page(
            "privacy/request.html", status, asked=found, form=form, today=now(),
            holding=queries.what_an_erasure_does(session, found, now()), **WORDS,
        )  # fmt: skip
