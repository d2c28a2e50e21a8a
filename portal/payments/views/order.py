"""Payment files: the list, one file with its lines, the downloads, and what the bank said of each line."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field

from portal.access.policy import Action, authorise
from portal.access.rules import masked_iban
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.documents.web import send_stored
from portal.payments import operations, queries
from portal.payments.forms import FailedForm, PaidForm
from portal.payments.labels import STATUS, TONE
from portal.payments.queries import MOST_ROWS
from portal.payments.views.bp import bp, key, this_day


@bp.get("/finance/orders")
@declares(Action.LEDGER_READ)
def orders() -> ResponseReturnValue:
    """The payment files, newest first."""
    with reading() as session:
        found = queries.latest_orders(session, current_actor(), before=key(request.args.get("before")))
        return page("payments/orders.html", orders=found[:MOST_ROWS], more=len(found) > MOST_ROWS)


@bp.get("/finance/orders/<uuid:order_id>")
@declares(Action.LEDGER_READ)
def show_order(order_id: UUID) -> ResponseReturnValue:
    """One payment file: its lines, and what the bank said."""
    return _page(order_id)


def _page(
    order_id: UUID, line_id: UUID | None = None, *, paid: PaidForm | None = None, failed: FailedForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """The page of a file; what was typed for one line stays in the form of that line."""
    for form in (paid, failed):
        if form is not None and line_id is not None:
            named(form, line_id.hex)
    blank = {"blank_paid": PaidForm(formdata=None, paid_on=this_day()), "blank_failed": FailedForm(formdata=None)}
    with reading() as session:
        found = queries.order_for(session, order_id, current_actor())
        return page(
            "payments/order.html", status, order=found, line_id=line_id, **blank, paid=paid, failed=failed,
            form=paid or failed, STATUS=STATUS, TONE=TONE, masked=masked_iban, named=named,
            changed=queries.changed_accounts(session, found, now()),
        )  # fmt: skip


def named(form: FlaskForm, suffix: str) -> Field:
    """The one field of a form that stands many times on its page, with an id of its own."""
    field = next(each for each in form if each.type != "CSRFTokenField")
    field.id = field.label.field_id = f"{field.name}-{suffix}"
    return field


@bp.get("/finance/orders/<uuid:order_id>/<kind>")
@declares(Action.PAYMENT_ORDER)
def download(order_id: UUID, kind: str) -> ResponseReturnValue:
    """One of its files: the XML for the bank, the list for accounting as XLSX or CSV."""
    with reading() as session:
        found = queries.order_for(session, order_id, current_actor())
        authorise(current_actor(), Action.PAYMENT_ORDER, found)
        if kind not in found.files:
            raise NotFound
        return send_stored(found.files[kind])


@bp.post("/finance/lines/<uuid:line_id>/paid")
@declares(Action.PAYMENT_RECORD)
def paid(line_id: UUID) -> ResponseReturnValue:
    """The bank paid."""
    form, order_id = PaidForm(), _order_of(line_id)
    if not form.validate():
        return _page(order_id, line_id, paid=form, status=422)
    given: dict[str, Any] = {"line_id": line_id, "paid_on": form.paid_on.data, "actor": current_actor(), "now": now()}
    try:
        with unit_of_work() as session:
            operations.record_paid(session, **given)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(order_id, line_id, paid=form, status=show_refusal(form, refusal))
    return go_to(url_for("payments.show_order", order_id=order_id))


@bp.post("/finance/lines/<uuid:line_id>/failed")
@declares(Action.PAYMENT_RECORD)
def failed(line_id: UUID) -> ResponseReturnValue:
    """The bank did not pay."""
    form, order_id = FailedForm(), _order_of(line_id)
    if not form.validate():
        return _page(order_id, line_id, failed=form, status=422)
    given: dict[str, Any] = {"line_id": line_id, "reason": form.reason.data, "actor": current_actor(), "now": now()}
    try:
        with unit_of_work() as session:
            operations.record_failed(session, **given)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(order_id, line_id, failed=form, status=show_refusal(form, refusal))
    return go_to(url_for("payments.show_order", order_id=order_id))


def _order_of(line_id: UUID) -> UUID:
    with reading() as session:
        return queries.order_of_line(session, line_id)
